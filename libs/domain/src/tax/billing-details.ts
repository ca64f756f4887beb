import type { TaxId } from './tax-id.js';

/** What an organization's invoices say of it, and what their tax depends on. */
export interface BillingDetails {
  readonly organizationId: string;
  /** Null for the organization's name. */
  readonly legalName: string | null;
  readonly addressLines: readonly string[];
  /** ISO 3166-1, two letters; null where nobody has said it. */
  readonly country: string | null;
  /** The part after the hyphen of ISO 3166-2, such as QC; null where it does not matter. */
  readonly region: string | null;
  /** As it is written there; null where nobody has said it. */
  readonly postalCode: string | null;
  readonly taxIds: readonly TaxId[];
  /** The buyer's number of its order, printed on every invoice. */
  readonly purchaseOrderNumber: string | null;
  /** Why it is charged no tax; finance alone sets it. Null for a buyer like others. */
  readonly exemptionReason: string | null;
}

/** What an invoice says of its buyer, and keeps. */
export interface InvoiceBuyer extends Omit<
  BillingDetails,
  'organizationId' | 'legalName' | 'exemptionReason' | 'postalCode'
> {
  readonly name: string;
  /** Absent on an invoice that was made before it was kept. */
  readonly postalCode?: string | null;
}

/** The most lines that an address has. */
export const MAX_ADDRESS_LINES = 6;

/** The details of an organization that has not said any. */
export function noBillingDetails(organizationId: string): BillingDetails {
  return {
    organizationId,
    legalName: null,
    addressLines: [],
    country: null,
    region: null,
    postalCode: null,
    taxIds: [],
    purchaseOrderNumber: null,
    exemptionReason: null,
  };
}

/** What an invoice that is made now says of its buyer. */
export function invoiceBuyer(
  { legalName, addressLines, country, region, postalCode, taxIds, purchaseOrderNumber }: BillingDetails,
  organizationName: string,
): InvoiceBuyer {
  const name = legalName ?? organizationName;
  return { name, addressLines, country, region, postalCode, taxIds, purchaseOrderNumber };
}

/** The address as it is printed, without the country: a postal code that no line has is a line of its own. */
export function printedAddress({
  addressLines,
  postalCode = null,
}: Pick<InvoiceBuyer, 'addressLines' | 'postalCode'>): readonly string[] {
  const isSaid = postalCode === null || addressLines.some((line) => compact(line).includes(compact(postalCode)));
  return isSaid ? addressLines : [...addressLines, postalCode];
}

/** Where a buyer is, as invoices say it: the country, with the region where it is said ("CA-QC"); null where it is not known. */
export function printedPlace({ country, region }: Pick<BillingDetails, 'country' | 'region'>): string | null {
  return country === null || region === null ? country : `${country}-${region}`;
}

function compact(text: string): string {
  return text.replaceAll(/[ -]/g, '').toUpperCase();
}
