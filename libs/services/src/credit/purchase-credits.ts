import { createHash } from 'node:crypto';
import {
  ConflictError,
  type CreditPack,
  NotFoundError,
  type PackAmounts,
  type PaymentProvider,
  formatMinor,
  monthlyPeriodAt,
  packAmounts,
} from '#domain';
import {
  type Actor,
  type CreditOffer,
  type Transaction,
  appendToAuditLog,
  insertBillingPeriodIfMissing,
  insertCreditPurchase,
  listCreditOffers,
  listPurchasesUnderWay,
  lockSubscription,
} from '#persistence';
import { payOnPage } from '../checkout/open-checkout.js';
import type { ServiceContext } from '../context.js';
import { type IssuedInvoice, makeInvoices } from '../invoice/issue-invoice.js';
import { ensureProviderCustomer, hasWayToPay } from '../payment/payment-method.js';
import { type PeriodLine, type RatedPeriod, ratingHashOf } from '../period/rate-period.js';

export interface PurchaseCreditsInput {
  readonly organizationId: string;
  /** The subscription whose product sells the pack. */
  readonly subscriptionId: string;
  /** Slug of the pack. */
  readonly pack: string;
  /** The buyer's choice, of a pack that leaves it to them. */
  readonly amountMinor: bigint | null;
  /** Asked for a saved card; null when the invoice is paid in another way. */
  readonly paymentProvider: PaymentProvider | null;
  /** Given, the invoice is paid on a page of the provider in the place of a saved card, and this is where the browser goes afterwards, with `purchase=paid` once it is paid. */
  readonly pageReturnUrl?: string;
  readonly actor: Actor;
}

/**
 * Buys credits: an invoice of their own, issued at once and collected as any other, or paid on a page that `openCheckout` gives. They are granted when it is paid. A
 * repeated call buys nothing twice: until it is paid, or void, there is no other purchase from the seller in the currency.
 * @throws NotFoundError `subscription_not_found`, `credit_pack_not_found`; InvalidError `credit_amount_invalid`;
 *   ConflictError `payment_method_required`, `billing_email_missing`, `credit_purchase_under_way`, `credit_currency_mismatch`
 */
export async function purchaseCredits(context: ServiceContext, input: PurchaseCreditsInput): Promise<IssuedInvoice> {
  const { organizationId, subscriptionId, paymentProvider, pageReturnUrl: returnUrl, actor } = input;
  if (paymentProvider && returnUrl !== undefined)
    await ensureProviderCustomer(context, paymentProvider, organizationId);
  else if (paymentProvider && !(await hasWayToPay(context, paymentProvider, organizationId)))
    throw new ConflictError(
      'payment_method_required',
      'Save a card first, to which the credits are charged, or pay on the page of the payment provider.',
    );
  return context.unitOfWork.inSystem(async (transaction) => {
    // One at a time: two who buy at once find the purchase of the first.
    const subscription = await lockSubscription(transaction, subscriptionId);
    const at = context.clock.now();
    const [offer] = await listCreditOffers(transaction, { organizationId, subscriptionId, at });
    if (subscription?.organizationId !== organizationId || !offer) throw new NotFoundError('subscription');
    const pack = packOf(offer, input.pack);
    const amounts = packAmounts(pack, input.amountMinor);
    const underWay = await listPurchasesUnderWay(transaction, organizationId);
    const same = underWay.find((one) => one.sellerSlug === offer.sellerSlug && one.currency === pack.currency);
    if (same)
      throw new ConflictError(
        'credit_purchase_under_way',
        `${same.title} (invoice ${same.invoiceNumber ?? same.invoiceId}) is not paid yet: pay it first, or ask for it to be made void.`,
      );
    const invoice = await buyPack(context, transaction, { offer, pack, amounts, count: 1n, origin: 'person', actor });
    if (returnUrl !== undefined) await payOnPage(context, transaction, { invoiceId: invoice.id, returnUrl });
    return invoice;
  });
}

/**
 * The pack of an offer with this slug.
 * @throws NotFoundError `credit_pack_not_found`; ConflictError `credit_currency_mismatch` when the subscription's plan bills
 *   in another currency, so that the credits could not be used
 */
export function packOf({ packs, currency }: CreditOffer, slug: string): CreditPack {
  const pack = packs.find((one) => one.slug === slug);
  if (!pack) throw new NotFoundError('credit pack');
  if (pack.currency !== currency)
    throw new ConflictError(
      'credit_currency_mismatch',
      `${pack.title} is in ${pack.currency}, and the plan bills in ${currency}: these credits could not be used.`,
    );
  return pack;
}

/** What is bought, and for whom. */
export interface PackPurchase {
  readonly offer: CreditOffer;
  readonly pack: CreditPack;
  readonly amounts: PackAmounts;
  /** So many of them, as one purchase. */
  readonly count: bigint;
  readonly origin: 'person' | 'top_up';
  readonly actor: Actor;
}

/** Makes and issues the invoice of a purchase. The database refuses a second one that is under way. */
export async function buyPack(
  context: ServiceContext,
  transaction: Transaction,
  { offer, pack, amounts, count, origin, actor }: PackPurchase,
): Promise<IssuedInvoice> {
  const { organizationId, subscriptionId, sellerSlug } = offer;
  const createdAt = context.clock.now();
  const { startMs, endMs } = monthlyPeriodAt(offer.anchorAt.getTime(), createdAt.getTime());
  const startsAt = new Date(startMs);
  await insertBillingPeriodIfMissing(transaction, {
    subscriptionId,
    organizationId,
    startsAt,
    endsAt: new Date(endMs),
  });
  const title = count === 1n ? pack.title : `${count} × ${pack.title}`;
  const priceMinor = amounts.priceMinor * count;
  const creditedMinor = amounts.creditedMinor * count;
  const id = context.ids.next();
  const rated = ratedPurchase({ id, offer, title, currency: pack.currency, priceMinor, creditedMinor, startsAt });
  const period = {
    subscriptionId,
    organizationId,
    startsAt,
    endsAt: createdAt,
    state: 'open',
    closedAt: null,
    heldReason: null,
  } as const;
  const invoices = await makeInvoices(context, transaction, [{ period, rated, kind: 'credit_purchase' }]);
  const invoice = invoices.get(subscriptionId)!;
  await insertCreditPurchase(transaction, {
    id,
    organizationId,
    subscriptionId,
    invoiceId: invoice.id,
    sellerSlug,
    currency: pack.currency,
    pack: pack.slug,
    title,
    priceMinor,
    creditedMinor,
    validDays: pack.validDays ?? null,
    origin,
    actor,
    createdAt,
  });
  await appendToAuditLog(transaction, {
    id: context.ids.next(),
    organizationId,
    actor,
    action: origin === 'top_up' ? 'topped up' : 'bought',
    noun: 'credit_purchase',
    nounId: id,
    details: {
      pack: pack.slug,
      invoiceId: invoice.id,
      priceMinor: priceMinor.toString(),
      creditedMinor: creditedMinor.toString(),
      currency: pack.currency,
    },
    createdAt,
  });
  return invoice;
}

interface PurchaseToRate {
  readonly id: string;
  readonly offer: CreditOffer;
  readonly title: string;
  readonly currency: string;
  readonly priceMinor: bigint;
  readonly creditedMinor: bigint;
  readonly startsAt: Date;
}

function ratedPurchase(purchase: PurchaseToRate): RatedPeriod {
  const { id, offer, title, currency, priceMinor, creditedMinor, startsAt } = purchase;
  const basis = [id, title, currency, priceMinor.toString(), creditedMinor.toString()];
  const line: PeriodLine = {
    position: 1,
    kind: 'credit_purchase',
    meter: null,
    description: `Prepaid credits: ${title} (${formatMinor(creditedMinor, currency)} ${currency} of credits)`,
    quantity: '1',
    included: '0',
    billableQuantity: '1',
    pricedQuantity: '1',
    unroundedAmount: formatMinor(priceMinor, currency),
    amountMinor: priceMinor,
    breakdown: [],
    phaseId: offer.phaseId,
    planVersionId: offer.planVersionId,
    periodStart: startsAt,
    inputHash: createHash('sha256').update(JSON.stringify(basis)).digest('hex'),
    creditGrantId: null,
  };
  return {
    currency,
    lines: [line],
    subtotalMinor: priceMinor,
    excessCreditMinor: 0n,
    ratingHash: ratingHashOf([line]),
  };
}
