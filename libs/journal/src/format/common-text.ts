import {
  type EventCaller,
  RecentById,
  type UsageEvent,
  inOnePiece,
  isSameCaller,
  jsonString,
  jsonStrings,
} from '#domain';

/** More than an API has, mostly. */
const maxOperations = 1_000;

/**
 * A part of an event's text, with the members that it was made of. They are copied: V8 makes all events in old memory once many
 * of those that were made first are kept.
 */
type Part<Member extends keyof UsageEvent> = Pick<UsageEvent, Member> & { readonly text: string };

const callers = new RecentById<Part<'gatewayId' | keyof EventCaller>>();
const operations = new Map<string, Part<'method'>>();
/** Of the latest event: most calls end alike. */
let ending: Part<'status' | 'outcome' | 'reason' | 'attempts'> | null = null;
let usage: Part<'quantities' | 'billable' | 'countsToQuota'> | null = null;

/** The members of an event's text from `gatewayId` to `apiVersionId`: what the calls of one caller have in common. */
export function callerText(event: UsageEvent): string {
  const known = callers.at(event.credentialId);
  if (known !== null && known.gatewayId === event.gatewayId && isSameCaller(known, event)) return known.text;
  const text = inOnePiece(
    `,"gatewayId":${jsonString(event.gatewayId)},"mode":"${event.mode}","organizationId":"${event.organizationId}"` +
      `,"applicationId":"${event.applicationId}","credentialId":"${event.credentialId}"` +
      `,"subscriptionId":${idOrNull(event.subscriptionId)},"phaseId":${idOrNull(event.phaseId)}` +
      `,"planVersionId":${idOrNull(event.planVersionId)},"periodStartMs":${event.periodStartMs}` +
      `,"apiProductId":"${event.apiProductId}","apiVersionId":"${event.apiVersionId}"`,
  );
  const { gatewayId, mode, organizationId, applicationId, credentialId, subscriptionId } = event;
  const { phaseId, planVersionId, periodStartMs, apiProductId, apiVersionId } = event;
  callers.put(credentialId, {
    gatewayId,
    mode,
    organizationId,
    applicationId,
    credentialId,
    subscriptionId,
    phaseId,
    planVersionId,
    periodStartMs,
    apiProductId,
    apiVersionId,
    text,
  });
  return text;
}

/** The members `operation` and `method`: what the calls of one operation have in common. */
export function operationText(event: UsageEvent): string {
  const known = operations.get(event.operation);
  if (known !== undefined && known.method === event.method) return known.text;
  const text = inOnePiece(`,"operation":${jsonString(event.operation)},"method":${jsonString(event.method)}`);
  if (operations.size >= maxOperations) operations.clear();
  operations.set(event.operation, { method: event.method, text });
  return text;
}

/** The members from `status` to `attempts`. */
export function endingText(event: UsageEvent): string {
  const { status, outcome, reason, attempts } = event;
  if (ending !== null && ending.status === status && ending.outcome === outcome)
    if (ending.reason === reason && ending.attempts === attempts) return ending.text;
  const text = inOnePiece(
    `,"status":${status},"outcome":"${outcome}","reason":${jsonString(reason)},"attempts":${attempts}`,
  );
  ending = { status, outcome, reason, attempts, text };
  return text;
}

/** The members from `quantities` to `countsToQuota`: calls that cost the same have the same object of quantities. */
export function usageText(event: UsageEvent): string {
  const { quantities, billable, countsToQuota } = event;
  if (usage !== null && usage.quantities === quantities)
    if (usage.billable === billable && usage.countsToQuota === countsToQuota) return usage.text;
  const text = `,"quantities":${jsonStrings(quantities)},"billable":${billable},"countsToQuota":${countsToQuota}`;
  usage = { quantities, billable, countsToQuota, text };
  return text;
}

function idOrNull(id: string | null): string {
  return id === null ? 'null' : `"${id}"`;
}
