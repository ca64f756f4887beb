import {
  ConflictError,
  InvalidError,
  NotFoundError,
  type Seller,
  type TaxRate,
  type TaxRateInput,
  checkTaxRate,
} from '#domain';
import {
  type Slice,
  type Actor,
  type Transaction,
  appendToAuditLog,
  insertTaxRate,
  listSellers,
  listTaxRates,
  lockSeller,
  lockTaxRate,
  saveTaxRateEnd,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import { isKnownCountry } from './known-country.js';

/** A seller and what it charges of tax. */
export interface SellerWithTaxRates extends Seller {
  /** By place and start, those that are over or to come too. */
  readonly taxRates: readonly TaxRate[];
}

/** Every seller, by slug, with its rates. */
export function listSellersWithTaxRates(context: ServiceContext, slice: Slice = {}): Promise<SellerWithTaxRates[]> {
  return context.unitOfWork.inSystem(async (transaction) => {
    const sellers = await listSellers(transaction, slice);
    const slugs = sellers.map(({ slug }) => slug);
    const rates = Map.groupBy(await listTaxRates(transaction, slugs), ({ sellerSlug }) => sellerSlug);
    return sellers.map((seller) => ({ ...seller, taxRates: rates.get(seller.slug) ?? [] }));
  });
}

/**
 * Adds a rate: invoices that are made from now on are taxed by it, when it is in force at the last instant of their period.
 * Two of one place, category and name are never in force together.
 * @throws InvalidError `tax_rate_invalid`, naming the field; NotFoundError `seller_not_found`; ConflictError `tax_rate_overlaps`
 */
export function addTaxRate(context: ServiceContext, input: AddTaxRateInput): Promise<TaxRate> {
  return context.unitOfWork.inSystem((transaction) => addTaxRateIn(context, transaction, input));
}

export type AddTaxRateInput = TaxRateInput & { readonly actor: Actor };

/** The same in a transaction of the caller's. */
export async function addTaxRateIn(
  context: ServiceContext,
  transaction: Transaction,
  { actor, ...input }: AddTaxRateInput,
): Promise<TaxRate> {
  const checked = checkTaxRate(input);
  if (!isKnownCountry(checked.country))
    throw new InvalidError(
      'tax_rate_invalid',
      'country: expected the two letters of a country, such as DE (ISO 3166-1).',
    );
  if (!(await lockSeller(transaction, checked.sellerSlug))) throw new NotFoundError('seller');
  const rate: TaxRate = { id: context.ids.next(), ...checked };
  await requireNoOther(transaction, rate);
  await insertTaxRate(transaction, rate);
  await audit(context, transaction, rate, actor, 'added');
  return rate;
}

/**
 * Ends a rate at an instant, or with null lets it go on. Invoices that are made stay as they are.
 * @throws NotFoundError `tax_rate_not_found`; InvalidError `tax_rate_invalid`; ConflictError `tax_rate_overlaps`
 */
export function endTaxRate(context: ServiceContext, input: EndTaxRateInput): Promise<TaxRate> {
  return context.unitOfWork.inSystem((transaction) => endTaxRateIn(context, transaction, input));
}

export interface EndTaxRateInput {
  readonly id: string;
  readonly validTo: Date | null;
  readonly actor: Actor;
}

/** The same in a transaction of the caller's. */
export async function endTaxRateIn(
  context: ServiceContext,
  transaction: Transaction,
  { id, validTo, actor }: EndTaxRateInput,
): Promise<TaxRate> {
  const current = await lockTaxRate(transaction, id);
  if (!current) throw new NotFoundError('tax rate');
  const changed = { ...current, validTo };
  checkTaxRate(changed);
  await requireNoOther(transaction, changed);
  await saveTaxRateEnd(transaction, id, validTo);
  await audit(context, transaction, changed, actor, 'ended');
  return changed;
}

async function requireNoOther(transaction: Transaction, rate: TaxRate): Promise<void> {
  const other = (await listTaxRates(transaction, [rate.sellerSlug])).find(
    (one) =>
      one.id !== rate.id &&
      one.country === rate.country &&
      one.region === rate.region &&
      one.category === rate.category &&
      one.name === rate.name &&
      one.validFrom < (rate.validTo ?? FOREVER) &&
      rate.validFrom < (one.validTo ?? FOREVER),
  );
  if (!other) return;
  const until = other.validTo ? ` until ${other.validTo.toISOString()}` : '';
  throw new ConflictError(
    'tax_rate_overlaps',
    `${other.name} at ${other.percent} % is in force there from ${other.validFrom.toISOString()} on${until}: end it first.`,
  );
}

const FOREVER = new Date(8.64e15);

function audit(
  context: ServiceContext,
  transaction: Transaction,
  { id, ...rate }: TaxRate,
  actor: Actor,
  action: string,
): Promise<void> {
  return appendToAuditLog(transaction, {
    id: context.ids.next(),
    organizationId: null,
    actor,
    action,
    noun: 'tax_rate',
    nounId: id,
    details: { ...rate },
    createdAt: context.clock.now(),
  });
}
