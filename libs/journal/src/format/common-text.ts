import { RecentById, type UsageEvent, inOnePiece, isSameCaller, jsonString, jsonStrings } from '#domain';

/** More than an API has, mostly. */
const maxOperations = 1_000;

/** A part of an event's text, and the event that it was made for. */
interface Part {
  readonly of: UsageEvent;
  readonly text: string;
}

const callers = new RecentById<Part>();
const operations = new Map<string, Part>();
/** Of the latest event: most calls end alike. */
let ending: Part | null = null;
let usage: Part | null = null;

/** The members of an event's text from `gatewayId` to `apiVersionId`: what the calls of one caller have in common. */
export function callerText(event: UsageEvent): string {
  const known = callers.at(event.credentialId);
  if (known !== null && known.of.gatewayId === event.gatewayId && isSameCaller(known.of, event)) return known.text;
  const text = inOnePiece(
    `,"gatewayId":${jsonString(event.gatewayId)},"mode":"${event.mode}","organizationId":"${event.organizationId}"` +
      `,"applicationId":"${event.applicationId}","credentialId":"${event.credentialId}"` +
      `,"subscriptionId":${idOrNull(event.subscriptionId)},"phaseId":${idOrNull(event.phaseId)}` +
      `,"planVersionId":${idOrNull(event.planVersionId)},"periodStartMs":${event.periodStartMs}` +
      `,"apiProductId":"${event.apiProductId}","apiVersionId":"${event.apiVersionId}"`,
  );
  callers.put(event.credentialId, { of: event, text });
  return text;
}

/** The members `operation` and `method`: what the calls of one operation have in common. */
export function operationText(event: UsageEvent): string {
  const known = operations.get(event.operation);
  if (known !== undefined && known.of.method === event.method) return known.text;
  const text = inOnePiece(`,"operation":${jsonString(event.operation)},"method":${jsonString(event.method)}`);
  if (operations.size >= maxOperations) operations.clear();
  operations.set(event.operation, { of: event, text });
  return text;
}

/** The members from `status` to `attempts`. */
export function endingText(event: UsageEvent): string {
  const { status, outcome, reason, attempts } = event;
  if (ending !== null) {
    const { of, text } = ending;
    if (of.status === status && of.outcome === outcome && of.reason === reason && of.attempts === attempts) return text;
  }
  const text = inOnePiece(
    `,"status":${status},"outcome":"${outcome}","reason":${jsonString(reason)},"attempts":${attempts}`,
  );
  ending = { of: event, text };
  return text;
}

/** The members from `quantities` to `countsToQuota`: calls that cost the same have the same object of quantities. */
export function usageText(event: UsageEvent): string {
  const { quantities, billable, countsToQuota } = event;
  if (usage !== null) {
    const { of, text } = usage;
    if (of.quantities === quantities && of.billable === billable && of.countsToQuota === countsToQuota) return text;
  }
  const text = `,"quantities":${jsonStrings(quantities)},"billable":${billable},"countsToQuota":${countsToQuota}`;
  usage = { of: event, text };
  return text;
}

function idOrNull(id: string | null): string {
  return id === null ? 'null' : `"${id}"`;
}
