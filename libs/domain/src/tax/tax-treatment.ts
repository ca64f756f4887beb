import type { DecimalString } from '../catalog/plan-definition.js';
import { printedPlace } from './billing-details.js';
import { isInEuropeanUnion } from './european-union.js';
import type { ProductTaxCategory, TaxCategory } from './tax-category.js';
import type { TaxId } from './tax-id.js';
import { type TaxRate, isTaxRateInForce } from './tax-rate.js';

/** Who sells and who buys what, as far as tax depends on it. */
export interface TaxBasis {
  readonly seller: { readonly country: string | null };
  /** Of this seller, in force or not. */
  readonly rates: readonly TaxRate[];
  readonly buyer: {
    readonly country: string | null;
    readonly region: string | null;
    /** Those whose form is right. */
    readonly taxIds: readonly TaxId[];
    /** Why nothing is charged, as finance has put it down; null for a buyer like others. */
    readonly exemptionReason: string | null;
  };
  readonly category: ProductTaxCategory;
  /** The instant whose rates count: the last one of the period. */
  readonly at: Date;
}

/** One tax on the whole of an invoice. */
export interface AppliedTaxRate {
  readonly name: string;
  readonly percent: DecimalString;
  /** Where; null where no country is known. */
  readonly country: string | null;
  readonly region: string | null;
}

/** How an invoice is taxed, and why. */
export interface TaxTreatment {
  readonly category: TaxCategory;
  /** One at least; several where a place has more than one tax. */
  readonly rates: readonly AppliedTaxRate[];
  /** What must be printed; null where the rate says all. */
  readonly note: string | null;
  /** A sentence for people: from what it follows. */
  readonly explanation: string;
  /** The seller's number where it is taxed; null for its usual one. */
  readonly sellerTaxId: string | null;
  /** Absent: by the seller's own rates. */
  readonly source?: 'provider';
  /** As what the provider taxes the lines; absent: as what its account says. */
  readonly taxCode?: string;
}

/** Article 226 (11a) of Directive 2006/112/EC wants these words; article 196 is what they rest on for services. */
export const REVERSE_CHARGE_NOTE = 'Reverse charge: the customer owes the VAT (Article 196 of Directive 2006/112/EC).';

/** What to take where a place has no rate of the product's category. */
const FALLBACKS: readonly TaxCategory[] = ['standard', 'zero', 'exempt', 'outside_scope'];

/**
 * How an invoice is taxed. In this order: a seller without any rate charges nothing (`outside_scope`); an exempt buyer is
 * `exempt`; a business in another member state of the European Union than the seller's, with a VAT number of another one,
 * owes the tax itself (`reverse_charge`), and so does one with a number of a country for which the seller keeps a rate of
 * that category; else the rates of the buyer's region count, or those of its country, or for consumers in another member
 * state those of the seller's own. Without a rate it is `outside_scope`. A buyer whose country is not known is taken to be
 * in the seller's. Pure.
 */
export function decideTax(basis: TaxBasis): TaxTreatment {
  const { seller, buyer } = basis;
  const country = buyer.country ?? seller.country;
  const place = placeOf(country, country === null ? null : buyer.region);
  const inForce = basis.rates.filter((rate) => isTaxRateInForce(rate, basis.at));
  if (inForce.length === 0) return outsideScope(country, 'The seller charges no tax: it has no rate in force.');
  if (buyer.exemptionReason !== null)
    return {
      ...untaxed('exempt', country, buyer.region, nameAt(inForce, country, seller.country)),
      note: buyer.exemptionReason,
      explanation: `The buyer is exempt: ${buyer.exemptionReason}`,
    };
  const there = ratesAt(inForce, country, buyer.region);
  const isAcrossUnion = isOtherMemberState(seller.country, country);
  if (isAcrossUnion && hasUnionNumber(buyer.taxIds, seller.country))
    return {
      ...untaxed('reverse_charge', country, buyer.region, nameAt(inForce, country, seller.country)),
      note: REVERSE_CHARGE_NOTE,
      explanation: `Seller in ${seller.country}, business with a VAT number in ${place}: the buyer owes the tax.`,
    };
  const reverse = there.find(({ category }) => category === 'reverse_charge');
  if (reverse && buyer.taxIds.some((taxId) => taxId.country === country))
    return {
      ...treatmentAt([reverse], 'reverse_charge'),
      note: reverse.note ?? `Reverse charge: the customer owes the ${reverse.name}.`,
      explanation: `A business with a tax number in ${place}: the buyer owes the tax.`,
    };
  const found = chosen(there, basis.category);
  if (found) return { ...found, explanation: explain(basis, found, place) };
  const home = isAcrossUnion ? chosen(ratesAt(inForce, seller.country, null), basis.category) : undefined;
  if (home)
    return {
      ...home,
      explanation:
        `The buyer in ${place} has no VAT number of another member state, and the seller no rate there: ` +
        `taxed as in ${seller.country}.`,
    };
  return outsideScope(country, `The seller has no rate in ${place}: no tax is charged.`);
}

function explain({ buyer }: TaxBasis, { category, rates }: Chosen, place: string): string {
  const where =
    buyer.country === null
      ? `The buyer's country is not known, and is taken to be ${place}`
      : `The buyer is in ${place}`;
  const percents = rates.map(({ name, percent }) => `${name} at ${percent} %`).join(' and ');
  return `${where}: ${category === 'standard' || category === 'reduced' || category === 'zero' ? percents : `${category.replace('_', ' ')} there`}.`;
}

/** The rates of the region where it has any, else those of the country. */
function ratesAt(rates: readonly TaxRate[], country: string | null, region: string | null): readonly TaxRate[] {
  const ofCountry = rates.filter((rate) => rate.country === country);
  const ofRegion = ofCountry.filter((rate) => rate.region !== null && rate.region === region);
  return ofRegion.length > 0 ? ofRegion : ofCountry.filter((rate) => rate.region === null);
}

type Chosen = Omit<TaxTreatment, 'explanation'>;

/** The rates of the first category that there are any of: the wanted one, or what stands in for it. */
function chosen(there: readonly TaxRate[], wanted: TaxCategory): Chosen | undefined {
  for (const category of [wanted, ...FALLBACKS]) {
    const rates = there.filter((rate) => rate.category === category);
    if (rates.length > 0) return treatmentAt(rates, category);
  }
  return undefined;
}

function treatmentAt(rates: readonly TaxRate[], category: TaxCategory): Chosen {
  const ordered = rates.toSorted((one, other) => (one.name < other.name ? -1 : 1));
  return {
    category,
    rates: ordered.map(({ name, percent, country, region }) => ({ name, percent, country, region })),
    note: ordered.find(({ note }) => note !== null)?.note ?? null,
    sellerTaxId: ordered.find(({ taxId }) => taxId !== null)?.taxId ?? null,
  };
}

function untaxed(category: TaxCategory, country: string | null, region: string | null, name: string) {
  return { category, rates: [{ name, percent: '0', country, region }], sellerTaxId: null };
}

function outsideScope(country: string | null, explanation: string): TaxTreatment {
  return { ...untaxed('outside_scope', country, null, 'Tax'), note: null, explanation };
}

/** What the seller calls the tax in the first of the countries that it has a rate for, or at all. */
function nameAt(rates: readonly TaxRate[], ...countries: readonly (string | null)[]): string {
  const found = countries.map((country) => rates.find((rate) => rate.country === country)).find((rate) => rate);
  return (found ?? rates[0]!).name;
}

function isOtherMemberState(seller: string | null, buyer: string | null): boolean {
  return seller !== null && buyer !== null && seller !== buyer && isInEuropeanUnion(seller) && isInEuropeanUnion(buyer);
}

function hasUnionNumber(taxIds: readonly TaxId[], sellerCountry: string | null): boolean {
  return taxIds.some(({ country }) => country !== sellerCountry && isInEuropeanUnion(country));
}

function placeOf(country: string | null, region: string | null): string {
  return printedPlace({ country, region }) ?? 'an unknown country';
}
