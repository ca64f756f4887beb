import { type EventCaller, isSameCaller } from '#domain';

/** A caller whose fields are well-formed and fit each other. */
export interface KnownCaller extends EventCaller {
  /** Its fields as they are in the canonical text of an event. */
  readonly canonical: string;
}

const MAX_CALLERS = 10_000;
const SEPARATOR = '\u001f';

/** By key. */
const callers = new Map<string, KnownCaller>();

/** The caller that an event of this process named before, if it is the last one of its key: what is known of it need not be found again. */
export function findKnownCaller(event: EventCaller): KnownCaller | undefined {
  const known = callers.get(event.credentialId);
  return known !== undefined && isSameCaller(known, event) ? known : undefined;
}

/** Keeps the caller of an event that was checked, instead of another one of its key. */
export function rememberCaller(event: EventCaller): KnownCaller {
  const { mode, organizationId, applicationId, credentialId, subscriptionId } = event;
  const { phaseId, planVersionId, periodStartMs, apiProductId, apiVersionId } = event;
  const caller = {
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
    canonical: canonicalCaller(event),
  };
  if (callers.size >= MAX_CALLERS) callers.clear();
  callers.set(credentialId, caller);
  return caller;
}

/** The caller's part of the canonical text of an event. */
export function canonicalCaller(event: EventCaller): string {
  return [
    event.mode,
    event.organizationId,
    event.applicationId,
    event.credentialId,
    event.subscriptionId,
    event.phaseId,
    event.planVersionId,
    event.periodStartMs,
    event.apiProductId,
    event.apiVersionId,
  ].join(SEPARATOR);
}
