import { InvalidError } from '../problem/tollgate-error.js';
import { type CreditGrant, type CreditLine, creditLeftMinor } from './credit-grant.js';
import { type ChargedLine, chargesToPay, least } from './usage-charges.js';

/** Settled lines of an invoice, before tax, and the grants of its organization. */
export interface BurnInput {
  readonly currency: string;
  /** The API product that the lines are for. */
  readonly apiProductId: string;
  readonly lines: readonly ChargedLine[];
  readonly grants: readonly CreditGrant[];
  /** The instant at which they burn: the last one of the period that is invoiced. */
  readonly atMs: number;
}

/** What is paid with credits, and what is left to pay. */
export interface BurnedCredits {
  readonly lines: readonly CreditLine[];
  /** Σ lines − credits: never below 0, unless the lines were. Tax comes on top of this. */
  readonly subtotalMinor: bigint;
}

/**
 * Pays the usage among the lines with credits, late usage and what makes it up to a minimum too, but no fees: the lowest
 * priority first, of those the one that expires first, of those the oldest, and of those the lowest id, so that the same
 * grants always burn in the same order. A grant for one product or meter pays its usage only. Grants of other currencies,
 * expired ones and those not yet granted are left alone. What a line of usage gives back is taken off the charges of its meter
 * first, then off the other usage, so that no credits pay a fee in its place; and no more burns than all lines come to together.
 * A pure function.
 * @throws InvalidError `grant_overburned` for a grant of which more was burned than it had
 */
export function burnCredits({ currency, apiProductId, lines, grants, atMs }: BurnInput): BurnedCredits {
  const overburned = grants.find(({ amountMinor, burnedMinor }) => burnedMinor > amountMinor);
  if (overburned) throw new InvalidError('grant_overburned', `More was burned of grant ${overburned.id} than it had.`);
  let dueMinor = lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
  const charges = chargesToPay(lines);
  const burned: CreditLine[] = [];
  for (const grant of grants.filter((one) => one.currency === currency).toSorted(byBurnOrder)) {
    if (dueMinor <= 0n) break;
    if ((grant.apiProductId ?? apiProductId) !== apiProductId) continue;
    const leftMinor = creditLeftMinor(grant, atMs);
    let takenMinor = 0n;
    for (const charge of charges) {
      if ((grant.meter ?? charge.meter) !== charge.meter) continue;
      const paidMinor = least(charge.unpaidMinor, leftMinor - takenMinor, dueMinor);
      charge.unpaidMinor -= paidMinor;
      dueMinor -= paidMinor;
      takenMinor += paidMinor;
    }
    if (takenMinor > 0n)
      burned.push({ grantId: grant.id, amountMinor: -takenMinor, leftMinor: leftMinor - takenMinor });
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
