import { type UsageEvent, jsonStrings } from '#domain';
import { callerText, endingText, operationText, usageText } from './common-text.js';

/**
 * The JSON of a usage event, byte for byte what `JSON.stringify` makes of it, in a fraction of its time: the gateway writes
 * one for each call. Ids are put in as they are.
 */
export function eventText(event: UsageEvent): string {
  let text =
    `{"id":"${event.id}","seq":${event.seq},"endedAtMs":${event.endedAtMs}${callerText(event)}${operationText(event)}` +
    `${endingText(event)},"bytesIn":${event.bytesIn},"bytesOut":${event.bytesOut}${usageText(event)}`;
  if (event.estimated !== undefined) text += `,"estimated":${event.estimated}`;
  if (event.overrun !== undefined) text += `,"overrun":${jsonStrings(event.overrun)}`;
  if (event.distinctValues !== undefined) text += `,"distinctValues":${jsonStrings(event.distinctValues)}`;
  return `${text}}`;
}
