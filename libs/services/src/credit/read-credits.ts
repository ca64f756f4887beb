import { type CreditForecast, forecastCredits } from '#domain';
import {
  type CreditOffer,
  type CreditTopUp,
  type ListedCreditEntry,
  type ListedCreditGrant,
  type PurchaseUnderWay,
  type Transaction,
  listCreditEntries,
  listCreditGrants,
  listCreditOffers,
  listPurchasesUnderWay,
  listRunningPeriods,
  listTopUps,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import { estimateChargesFromLedger } from '../period/rate-from-ledger.js';

const MAX_ENTRIES = 100;

/** What is in store with a seller, and what the seller is called. */
export interface CreditStore extends CreditForecast {
  readonly sellerName: string;
}

/** The credits of an organization, what became of them, and how long they will do. */
export interface CreditStatement {
  readonly stores: readonly CreditStore[];
  /** Those with something left first, in the order in which they burn. */
  readonly grants: readonly ListedCreditGrant[];
  /** Newest first, at most 100. */
  readonly entries: readonly ListedCreditEntry[];
  /** What can be bought, by subscription; those with packs in the currency of their plan. */
  readonly offers: readonly CreditOffer[];
  /** Purchases that are not paid yet. */
  readonly purchases: readonly PurchaseUnderWay[];
  readonly topUps: readonly CreditTopUp[];
}

/** Grants of an organization, at most 200, the newest of what became of them, and an estimate of what is left. */
export function readCredits(context: ServiceContext, organizationId: string): Promise<CreditStatement> {
  return context.unitOfWork.inOrganization(organizationId, async (transaction) => {
    const grants = await listCreditGrants(transaction, organizationId);
    return {
      stores: await storesOf(context, transaction, organizationId, grants),
      grants,
      entries: await listCreditEntries(transaction, organizationId, MAX_ENTRIES),
      offers: (await listCreditOffers(transaction, { organizationId, at: context.clock.now() }))
        .map((offer) => ({ ...offer, packs: offer.packs.filter(({ currency }) => currency === offer.currency) }))
        .filter(({ packs }) => packs.length > 0),
      purchases: await listPurchasesUnderWay(transaction, organizationId),
      topUps: await listTopUps(transaction, organizationId),
    };
  });
}

/** What is left with each seller, were the periods that go on to end now; none where nothing was ever granted. */
export async function storesOf(
  context: ServiceContext,
  transaction: Transaction,
  organizationId: string,
  grants: readonly ListedCreditGrant[],
): Promise<CreditStore[]> {
  if (grants.length === 0) return [];
  const at = context.clock.now();
  const sellersInStore = new Set(
    grants.filter(({ remainingMinor }) => remainingMinor > 0n).map(({ sellerSlug }) => sellerSlug),
  );
  const periods = [];
  for (const period of await listRunningPeriods(transaction, organizationId)) {
    // What there is nothing left to pay with needs no estimate.
    if (!sellersInStore.has(period.sellerSlug)) continue;
    const { rated } = await estimateChargesFromLedger(context, transaction, period);
    if (!rated) continue;
    const { apiProductId, sellerSlug, startsAt, endsAt } = period;
    const { currency, lines } = rated;
    periods.push({ sellerSlug, currency, apiProductId, lines, startMs: startsAt.getTime(), endMs: endsAt.getTime() });
  }
  const stored = grants.map((grant) => ({
    ...grant,
    apiProductId: grant.product?.id ?? null,
    burnedMinor: grant.amountMinor - grant.remainingMinor,
    grantedAtMs: grant.grantedAt.getTime(),
    expiresAtMs: grant.expiresAt?.getTime() ?? null,
  }));
  const names = new Map(grants.map(({ sellerSlug, sellerName }) => [sellerSlug, sellerName]));
  return forecastCredits(stored, periods, at.getTime()).map((forecast) => ({
    ...forecast,
    sellerName: names.get(forecast.sellerSlug)!,
  }));
}
