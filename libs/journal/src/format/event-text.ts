import type { UsageEvent } from '#domain';

const NEEDS_NO_ESCAPE = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;

/**
 * The JSON of a usage event, byte for byte what `JSON.stringify` makes of it, in a fraction of its time: the gateway writes
 * one for each call. Ids are put in as they are.
 */
export function eventText(event: UsageEvent): string {
  let text =
    `{"id":"${event.id}","seq":${event.seq},"endedAtMs":${event.endedAtMs},"gatewayId":${quoted(event.gatewayId)}` +
    `,"mode":"${event.mode}","organizationId":"${event.organizationId}","applicationId":"${event.applicationId}"` +
    `,"credentialId":"${event.credentialId}","subscriptionId":${idOrNull(event.subscriptionId)}` +
    `,"phaseId":${idOrNull(event.phaseId)},"planVersionId":${idOrNull(event.planVersionId)}` +
    `,"periodStartMs":${event.periodStartMs},"apiProductId":"${event.apiProductId}","apiVersionId":"${event.apiVersionId}"` +
    `,"operation":${quoted(event.operation)},"method":${quoted(event.method)},"status":${event.status}` +
    `,"outcome":"${event.outcome}","reason":${quoted(event.reason)},"attempts":${event.attempts}` +
    `,"bytesIn":${event.bytesIn},"bytesOut":${event.bytesOut},"quantities":${object(event.quantities)}` +
    `,"billable":${event.billable},"countsToQuota":${event.countsToQuota}`;
  if (event.estimated !== undefined) text += `,"estimated":${event.estimated}`;
  if (event.overrun !== undefined) text += `,"overrun":${object(event.overrun)}`;
  if (event.distinctValues !== undefined) text += `,"distinctValues":${object(event.distinctValues)}`;
  return `${text}}`;
}

function idOrNull(id: string | null): string {
  return id === null ? 'null' : `"${id}"`;
}

function quoted(text: string): string {
  return NEEDS_NO_ESCAPE.test(text) ? `"${text}"` : JSON.stringify(text);
}

function object(values: Readonly<Record<string, string>>): string {
  let text = '';
  for (const name in values) text += `${text === '' ? '' : ','}${quoted(name)}:${quoted(values[name]!)}`;
  return `{${text}}`;
}
