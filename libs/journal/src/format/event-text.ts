import { type UsageEvent, jsonString } from '#domain';
import { callerText, operationText } from './common-text.js';

/**
 * The JSON of a usage event, byte for byte what `JSON.stringify` makes of it, in a fraction of its time: the gateway writes
 * one for each call. Ids are put in as they are.
 */
export function eventText(event: UsageEvent): string {
  let text =
    `{"id":"${event.id}","seq":${event.seq},"endedAtMs":${event.endedAtMs}${callerText(event)}${operationText(event)}` +
    `,"status":${event.status},"outcome":"${event.outcome}","reason":${jsonString(event.reason)}` +
    `,"attempts":${event.attempts},"bytesIn":${event.bytesIn},"bytesOut":${event.bytesOut}` +
    `,"quantities":${object(event.quantities)},"billable":${event.billable},"countsToQuota":${event.countsToQuota}`;
  if (event.estimated !== undefined) text += `,"estimated":${event.estimated}`;
  if (event.overrun !== undefined) text += `,"overrun":${object(event.overrun)}`;
  if (event.distinctValues !== undefined) text += `,"distinctValues":${object(event.distinctValues)}`;
  return `${text}}`;
}

function object(values: Readonly<Record<string, string>>): string {
  let text = '';
  for (const name in values) text += `${text === '' ? '' : ','}${jsonString(name)}:${jsonString(values[name]!)}`;
  return `{${text}}`;
}
