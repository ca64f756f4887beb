import type { DecimalString } from '../catalog/plan-definition.js';
import { printedPlace } from './billing-details.js';
import type { InvoiceTax } from './invoice-tax.js';
import type { TaxCategory } from './tax-category.js';
import { REVERSE_CHARGE_NOTE, type TaxTreatment } from './tax-treatment.js';
import { isInEuropeanUnion } from './european-union.js';

/** One tax as the payment provider has computed it. Minor units of the invoice's currency. */
export interface ProviderTax {
  readonly category: TaxCategory;
  readonly name: string;
  /** 0 for every category but `standard` and `reduced`. */
  readonly percent: DecimalString;
  readonly country: string | null;
  readonly region: string | null;
  readonly taxableMinor: bigint;
  readonly taxMinor: bigint;
}

/** What the provider makes of an invoice's tax: it, or why there is none yet. */
export type ComputedTax =
  | { readonly state: 'computed'; readonly taxes: readonly ProviderTax[] }
  /** What is known of the buyer's address is not enough. */
  | { readonly state: 'location_missing' }
  | { readonly state: 'failed'; readonly message: string };

/** Of an invoice whose tax the provider has not computed yet, of what has a tax code of its own or none. */
export function awaitedTreatment(taxCode: string | null): TaxTreatment {
  return taxCode === null ? AWAITED : { ...AWAITED, taxCode };
}

const AWAITED: TaxTreatment = {
  category: 'outside_scope',
  rates: [],
  note: null,
  explanation: 'Stripe computes the tax when the invoice is made.',
  sellerTaxId: null,
  source: 'provider',
};

/** Of an invoice that charges nothing, and gives nothing back. */
export const NOTHING_TO_TAX: TaxTreatment = {
  category: 'outside_scope',
  rates: [{ name: 'Tax', percent: '0', country: null, region: null }],
  note: null,
  explanation: 'Nothing is charged, so there is no tax.',
  sellerTaxId: null,
};

/**
 * The taxes of an invoice by what the provider has computed, and how it says that it is taxed. Taxes over nothing are left out,
 * but for the first where all are. Pure.
 */
export function taxedByProvider(
  computed: readonly ProviderTax[],
  { exemptionReason }: { readonly exemptionReason: string | null },
): { readonly taxes: readonly InvoiceTax[]; readonly treatment: TaxTreatment } {
  const charged = computed.filter(({ taxMinor }) => taxMinor !== 0n);
  const kept = charged.length > 0 ? charged : [computed[0] ?? NO_TAX];
  const [first] = kept as [ProviderTax];
  const place = printedPlace(first);
  const treatment: TaxTreatment = {
    category: first.category,
    rates: kept.map(({ name, percent, country, region }) => ({ name, percent, country, region })),
    note: noteOf(first, exemptionReason),
    explanation: `Computed by Stripe${place === null ? '' : ` for ${place}`}: ${kept.map(wordsOf).join(' and ')}.`,
    sellerTaxId: null,
    source: 'provider',
  };
  return { taxes: kept.map((tax, index) => ({ ...tax, position: index + 1 })), treatment };
}

const NO_TAX: ProviderTax = {
  category: 'outside_scope',
  name: 'Tax',
  percent: '0',
  country: null,
  region: null,
  taxableMinor: 0n,
  taxMinor: 0n,
};

function noteOf({ category, country, name }: ProviderTax, exemptionReason: string | null): string | null {
  if (category === 'exempt') return exemptionReason ?? 'Exempt';
  if (category !== 'reverse_charge') return null;
  return country !== null && isInEuropeanUnion(country)
    ? REVERSE_CHARGE_NOTE
    : `Reverse charge: the customer owes the ${name}.`;
}

function wordsOf({ category, name, percent }: ProviderTax): string {
  switch (category) {
    case 'standard':
    case 'reduced':
      return `${name} at ${percent} %`;
    case 'zero':
      return `${name} at 0 %`;
    case 'exempt':
      return 'exempt';
    case 'reverse_charge':
      return 'the buyer owes the tax';
    case 'outside_scope':
      return 'no tax is charged there';
  }
}
