import { type BurnInput, burnCredits } from './burn-credits.js';
import type { CreditGrant } from './credit-grant.js';

/** A period that goes on, and what it has come to so far. */
export interface RunningPeriod extends Pick<BurnInput, 'currency' | 'apiProductId' | 'lines'> {
  /** The seller that invoices it. */
  readonly sellerSlug: string;
  readonly startMs: number;
  readonly endMs: number;
}

export interface StoredGrant extends CreditGrant {
  readonly sellerSlug: string;
}

/** What is in store with a seller in one currency, and how long it will do. Minor units. */
export interface CreditForecast {
  readonly sellerSlug: string;
  readonly currency: string;
  /** Granted, and neither burned nor expired: with the seller's usage of periods that go on still to be paid. */
  readonly remainingMinor: bigint;
  /** What of it the periods that go on would burn if they ended now. */
  readonly pendingMinor: bigint;
  /** When nothing is left if usage goes on as in these periods; null when it does not, or not within a year. */
  readonly runsOutAtMs: number | null;
}

const YEAR_MS = 366 * 86_400_000;
/** A period that has just begun says nothing about the next days. */
const LEAST_ELAPSED_MS = 3_600_000;

/**
 * What is left of credits by seller and currency, were the periods that go on to end now, and an estimate of when it is
 * used up: each period goes on to cost as much an hour as so far. Grants that have expired at `atMs` are none. A pure function.
 */
export function forecastCredits(
  grants: readonly StoredGrant[],
  periods: readonly RunningPeriod[],
  atMs: number,
): CreditForecast[] {
  const inForce = grants.filter(({ expiresAtMs }) => expiresAtMs === null || expiresAtMs > atMs);
  const stores = Map.groupBy(inForce, ({ sellerSlug, currency }) => `${sellerSlug} ${currency}`);
  return [...stores.values()].map((store) => forecastOf(store, periods, atMs));
}

function forecastOf(store: readonly StoredGrant[], periods: readonly RunningPeriod[], atMs: number): CreditForecast {
  const { sellerSlug, currency } = store[0]!;
  let grants: readonly CreditGrant[] = store;
  const remainingMinor = grants.reduce((sum, { amountMinor, burnedMinor }) => sum + amountMinor - burnedMinor, 0n);
  let pendingMinor = 0n;
  let burnedAnHour = 0;
  for (const period of periods) {
    if (period.sellerSlug !== sellerSlug || period.currency !== currency) continue;
    const { lines } = burnCredits({ ...period, grants, atMs: period.endMs - 1 });
    const burnedMinor = lines.reduce((sum, { amountMinor }) => sum - amountMinor, 0n);
    const taken = new Map(lines.map(({ grantId, amountMinor }) => [grantId, -amountMinor]));
    grants = grants.map((grant) => ({ ...grant, burnedMinor: grant.burnedMinor + (taken.get(grant.id) ?? 0n) }));
    pendingMinor += burnedMinor;
    burnedAnHour += (Number(burnedMinor) / Math.max(atMs - period.startMs, LEAST_ELAPSED_MS)) * 3_600_000;
  }
  const leftMinor = remainingMinor - pendingMinor;
  const hours = burnedAnHour > 0 ? Number(leftMinor) / burnedAnHour : Infinity;
  const runsOutAtMs = leftMinor === 0n ? atMs : atMs + hours * 3_600_000;
  return {
    sellerSlug,
    currency,
    remainingMinor,
    pendingMinor,
    runsOutAtMs: runsOutAtMs - atMs <= YEAR_MS ? Math.round(runsOutAtMs) : null,
  };
}
