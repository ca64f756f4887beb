import { TollgateError } from '#domain';

/** What a hard quota counts: the units of one meter in one period of one subscription. */
export interface QuotaKey {
  readonly organizationId: string;
  readonly subscriptionId: string;
  /** Slug. */
  readonly meter: string;
  readonly periodStartMs: number;
  /** Of units under a money cap: the phase that prices them. Absent for quotas. */
  readonly phaseId?: string | undefined;
}

/** A block of units that one gateway may spend without asking again: whole ones, under a money cap millionths. */
export interface Lease {
  readonly id: string;
  readonly units: number;
}

export interface LeaseRequest extends QuotaKey {
  /** Units of the whole period. */
  readonly limit: number;
  /** The block must have at least this many units, or it is of no use; from 1. */
  readonly atLeast: number;
  /** No more than the gateway could use in a while. Never less than `atLeast`. */
  readonly atMost: number;
  /** Leases of the same quota that are used up; settled in the same step. */
  readonly usedUp: readonly SettledLease[];
}

export interface SettledLease {
  readonly id: string;
  /** In the units of the lease, rounded up. */
  readonly used: number;
}

export type LeaseAnswer =
  /** `unleased` units are left for further blocks. */
  | { readonly kind: 'granted'; readonly lease: Lease; readonly unleased: number }
  /** Fewer than `atLeast` units are `unleased`; `lent` are in open leases, those of the asking gateway included. */
  | { readonly kind: 'refused'; readonly unleased: number; readonly lent: number };

/** The store of leases does not answer; what was asked for may have happened or not. */
export class QuotaStoreError extends TollgateError {
  constructor(cause: unknown) {
    super('quota_store_unavailable', 'The store of quota leases does not answer. Check that Postgres runs.', { cause });
  }
}

/**
 * Lends units of hard quotas to one gateway in one epoch. For every quota, at every instant: units of settled leases
 * that were used + units of open leases ≤ limit (invariant I4). A lease ends only when it is settled, never by time.
 */
export interface QuotaLeases {
  /** @throws QuotaStoreError */
  acquire(request: LeaseRequest): Promise<LeaseAnswer>;

  /**
   * Ends leases with what was used of them; the rest can be lent again. Settled ones stay as they are.
   * @throws QuotaStoreError
   */
  settle(leases: readonly SettledLease[]): Promise<void>;

  /**
   * Makes open leases of one quota smaller; one that shrinks to 0 ends unused.
   * @throws QuotaStoreError
   */
  shrink(key: QuotaKey, leases: readonly Lease[]): Promise<void>;

  /**
   * Ends as unused the open leases of one quota that this gateway has in this epoch and that are not among `known`: nobody
   * can spend what was granted by an answer that did not arrive. Only while nothing else is asked for the quota.
   * @throws QuotaStoreError
   */
  endUnknown(key: QuotaKey, known: readonly string[]): Promise<void>;
}
