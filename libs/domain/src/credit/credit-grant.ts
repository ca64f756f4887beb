/** How credits came about: bought, given away, or granted to make something good. */
export type CreditSource = 'purchased' | 'promotional' | 'adjustment';

/** Prepaid money of an organization: bought, or given. Immutable; what was burned of it is told beside it. */
export interface CreditGrant {
  readonly id: string;
  readonly currency: string;
  /** What was granted, in minor units; more than 0. */
  readonly amountMinor: bigint;
  /** What earlier invoices have burned of it. */
  readonly burnedMinor: bigint;
  /** The lowest burns first. */
  readonly priority: number;
  readonly grantedAtMs: number;
  /** From then on it cannot be burned; null when it never expires. */
  readonly expiresAtMs: number | null;
  /** The only API product whose usage it pays; absent or null for all of them. */
  readonly apiProductId?: string | null | undefined;
  /** Slug of the only meter of that product whose usage it pays; absent or null for all of them. */
  readonly meter?: string | null | undefined;
}

/** What an invoice takes of a grant. */
export interface CreditLine {
  readonly grantId: string;
  /** Less than 0. */
  readonly amountMinor: bigint;
  /** What is left of the grant. */
  readonly leftMinor: bigint;
}

/** Minor units of a grant that an invoice at an instant can burn. */
export function creditLeftMinor(grant: CreditGrant, atMs: number): bigint {
  const { amountMinor, burnedMinor, grantedAtMs, expiresAtMs } = grant;
  const isInForce = grantedAtMs <= atMs && (expiresAtMs === null || atMs < expiresAtMs);
  const left = amountMinor - burnedMinor;
  return isInForce && left > 0n ? left : 0n;
}
