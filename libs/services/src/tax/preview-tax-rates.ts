import { monthlyPeriodAt, NotFoundError, type TaxRate } from '#domain';
import { type SoldSubscription, type Transaction, listSoldSubscriptions, lockTaxRate } from '#persistence';
import type { ServiceContext } from '../context.js';
import { type AddTaxRateInput, type EndTaxRateInput, addTaxRateIn, endTaxRateIn } from './tax-rates.js';
import { type TaxedPeriod, taxPeriods } from './tax-periods.js';

/** How many of the invoices that would change are named. */
const MAX_NAMED = 100;
const BATCH = 1_000;

/** The first invoice of a subscription that a change of rates could tax otherwise. */
export interface RetaxedInvoice {
  readonly subscriptionId: string;
  readonly organization: string;
  readonly product: string;
  /** The end of its period. */
  readonly periodEnd: Date;
  /** "VAT 19 %", or why no tax is charged. */
  readonly before: string;
  readonly after: string;
}

/** What a change of rates would do. */
export interface TaxRatePreview {
  /** The rate as it would be. */
  readonly rate: TaxRate;
  /** The first hundred of those that would change, by subscription; those after them in the same subscription change too. */
  readonly invoices: readonly RetaxedInvoice[];
  readonly changed: number;
  readonly unchanged: number;
}

/** What adding a rate would change of invoices that are not made yet; nothing is written. @throws as `addTaxRate` */
export function previewAddedTaxRate(context: ServiceContext, input: AddTaxRateInput): Promise<TaxRatePreview> {
  return preview(context, async (transaction) => ({
    sellerSlug: input.sellerSlug,
    at: input.validFrom,
    apply: () => addTaxRateIn(context, transaction, input),
  }));
}

/** What ending a rate, or letting it go on, would change; nothing is written. @throws as `endTaxRate` */
export function previewEndedTaxRate(context: ServiceContext, input: EndTaxRateInput): Promise<TaxRatePreview> {
  return preview(context, async (transaction) => {
    const current = await lockTaxRate(transaction, input.id);
    if (!current) throw new NotFoundError('tax rate');
    const ends = [current.validTo, input.validTo].flatMap((end) => (end === null ? [] : [end.getTime()]));
    return {
      sellerSlug: current.sellerSlug,
      at: new Date(Math.min(...ends, Number.MAX_SAFE_INTEGER)),
      apply: () => endTaxRateIn(context, transaction, input),
    };
  });
}

interface Change {
  readonly sellerSlug: string;
  /** From then on something is otherwise. */
  readonly at: Date;
  readonly apply: () => Promise<TaxRate>;
}

/** Makes the change and takes it back, so that the very functions that tax periods say what it does. */
async function preview(
  context: ServiceContext,
  prepare: (transaction: Transaction) => Promise<Change>,
): Promise<TaxRatePreview> {
  let found: TaxRatePreview | undefined;
  try {
    await context.unitOfWork.inSystem(async (transaction) => {
      const { sellerSlug, at, apply } = await prepare(transaction);
      const firstMs = Math.max(at.getTime(), context.clock.nowMs());
      const subscriptions = await listSoldSubscriptions(transaction, sellerSlug);
      const before = await taxAll(transaction, subscriptions, firstMs);
      const rate = await apply();
      const after = await taxAll(transaction, subscriptions, firstMs);
      const changed = subscriptions.flatMap((subscription) => {
        const [one, other] = [before.get(subscription.subscriptionId)!, after.get(subscription.subscriptionId)!];
        if (describe(one) === describe(other)) return [];
        const { subscriptionId, organization, product } = subscription;
        const periodEnd = periodOf(subscription, firstMs).endsAt;
        return [{ subscriptionId, organization, product, periodEnd, before: describe(one), after: describe(other) }];
      });
      found = {
        rate,
        invoices: changed.slice(0, MAX_NAMED),
        changed: changed.length,
        unchanged: subscriptions.length - changed.length,
      };
      throw new TakenBack();
    });
  } catch (error) {
    if (!(error instanceof TakenBack)) throw error;
  }
  return found!;
}

class TakenBack extends Error {}

async function taxAll(
  transaction: Transaction,
  subscriptions: readonly SoldSubscription[],
  atMs: number,
): Promise<Map<string, TaxedPeriod>> {
  const taxed = new Map<string, TaxedPeriod>();
  for (let first = 0; first < subscriptions.length; first += BATCH) {
    const periods = subscriptions.slice(first, first + BATCH).map((subscription) => periodOf(subscription, atMs));
    for (const [id, one] of await taxPeriods(transaction, periods)) taxed.set(id, one);
  }
  return taxed;
}

function periodOf({ subscriptionId, organizationId, anchorAt }: SoldSubscription, atMs: number) {
  const { endMs } = monthlyPeriodAt(anchorAt.getTime(), Math.max(atMs, anchorAt.getTime()));
  // What it is over is not said: only how it is taxed.
  const nothing = { currency: 'USD', subtotalMinor: 0n, excessCreditMinor: 0n };
  return { subscriptionId, organizationId, endsAt: new Date(endMs), ...nothing };
}

function describe({ taxes, treatment }: TaxedPeriod): string {
  const rates = taxes
    .filter(({ percent }) => percent !== '0')
    .map(({ name, percent }) => `${name} ${percent} %`)
    .join(' + ');
  return `${rates === '' ? 'no tax' : rates} (${treatment.category})`;
}
