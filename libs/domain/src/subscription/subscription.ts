import type { SuspensionReason } from './suspension.js';

/**
 * `pending_approval` waits for the publisher and is not served. `canceled` is final: coming back is a new subscription with an
 * anchor of its own.
 */
export type SubscriptionState = 'pending_approval' | 'active' | 'canceled';

/** `past_due`: something is owed; it is served until it is suspended for payment. */
export type PaymentState = 'current' | 'past_due';

/** Application × API product; at most one active. Its phases say which plan version applies when. */
export interface Subscription {
  readonly id: string;
  readonly organizationId: string;
  readonly applicationId: string;
  readonly apiProductId: string;
  readonly state: SubscriptionState;
  readonly paymentState: PaymentState;
  /** Its calls are refused while there is a reason; its keys stay. */
  readonly suspendedFor: readonly SuspensionReason[];
  /** The most that the usage of a period may cost, in minor units of the plan's currency; null for no cap. */
  readonly moneyCapMinor: bigint | null;
  /** Billing periods are counted in months from this instant. */
  readonly anchorAt: Date;
  readonly createdAt: Date;
  /** When it ends, as long as that can be taken back; null otherwise. */
  readonly cancelAt: Date | null;
  readonly canceledAt: Date | null;
}

/** A stretch of a subscription under one plan version; half-open, the last has no end. */
export interface SubscriptionPhase {
  readonly id: string;
  readonly organizationId: string;
  readonly subscriptionId: string;
  readonly planVersionId: string;
  readonly startsAt: Date;
  readonly endsAt: Date | null;
  /** Under the terms of its plan's trial. */
  readonly isTrial: boolean;
}

export type BillingPeriodState = 'open' | 'incomplete' | 'closed';

/** Half-open [startsAt, endsAt) in UTC. `incomplete` is due, but held for the reason named. */
export interface BillingPeriod {
  readonly subscriptionId: string;
  readonly organizationId: string;
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly state: BillingPeriodState;
  readonly closedAt: Date | null;
  readonly heldReason: string | null;
}
