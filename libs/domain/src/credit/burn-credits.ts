import { InvalidError } from '../problem/tollgate-error.js';
import { type CreditGrant, type CreditLine, creditLeftMinor } from './credit-grant.js';

/** Settled lines of an invoice, before tax, and the grants of its organization. */
export interface BurnInput {
  readonly currency: string;
  readonly lines: readonly { readonly amountMinor: bigint }[];
  readonly grants: readonly CreditGrant[];
  /** The instant at which they burn: that of the invoice. */
  readonly atMs: number;
}

/** What is paid with credits, and what is left to pay. */
export interface BurnedCredits {
  readonly lines: readonly CreditLine[];
  /** Σ lines − credits: never below 0, unless the lines were. Tax comes on top of this. */
  readonly subtotalMinor: bigint;
}

/**
 * Pays the lines with credits: the lowest priority first, of those the one that expires first, of those the oldest, and of
 * those the lowest id, so that the same grants always burn in the same order. Grants of other currencies, expired ones and
 * those not yet granted are left alone. A pure function.
 * @throws InvalidError `grant_overburned` for a grant of which more was burned than it had
 */
export function burnCredits({ currency, lines, grants, atMs }: BurnInput): BurnedCredits {
  const overburned = grants.find(({ amountMinor, burnedMinor }) => burnedMinor > amountMinor);
  if (overburned) throw new InvalidError('grant_overburned', `More was burned of grant ${overburned.id} than it had.`);
  let dueMinor = lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
  const burned: CreditLine[] = [];
  for (const grant of grants.filter((one) => one.currency === currency).toSorted(byBurnOrder)) {
    if (dueMinor <= 0n) break;
    const leftMinor = creditLeftMinor(grant, atMs);
    if (leftMinor === 0n) continue;
    const taken = leftMinor < dueMinor ? leftMinor : dueMinor;
    burned.push({ grantId: grant.id, amountMinor: -taken, leftMinor: leftMinor - taken });
    dueMinor -= taken;
  }
  return { lines: burned, subtotalMinor: dueMinor };
}

function byBurnOrder(left: CreditGrant, right: CreditGrant): number {
  return (
    left.priority - right.priority ||
    compareExpiry(left.expiresAtMs, right.expiresAtMs) ||
    left.grantedAtMs - right.grantedAtMs ||
    (left.id < right.id ? -1 : 1)
  );
}

/** What never expires burns last. */
function compareExpiry(left: number | null, right: number | null): number {
  if (left === right) return 0;
  if (left === null) return 1;
  return right === null ? -1 : left - right;
}
