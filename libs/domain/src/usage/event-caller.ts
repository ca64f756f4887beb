import type { UsageEvent } from './usage-event.js';

/** What an event says of who called what, under which terms: nearly all events of a key say the same. */
export type EventCaller = Pick<
  UsageEvent,
  | 'mode'
  | 'organizationId'
  | 'applicationId'
  | 'credentialId'
  | 'subscriptionId'
  | 'phaseId'
  | 'planVersionId'
  | 'periodStartMs'
  | 'apiProductId'
  | 'apiVersionId'
>;

/** True when both say the same of all of it. */
export function isSameCaller(one: EventCaller, other: EventCaller): boolean {
  return (
    one.credentialId === other.credentialId &&
    one.apiVersionId === other.apiVersionId &&
    one.periodStartMs === other.periodStartMs &&
    one.phaseId === other.phaseId &&
    one.planVersionId === other.planVersionId &&
    one.subscriptionId === other.subscriptionId &&
    one.apiProductId === other.apiProductId &&
    one.applicationId === other.applicationId &&
    one.organizationId === other.organizationId &&
    one.mode === other.mode
  );
}
