import {
  ConflictError,
  type CreditNoteLine,
  type InvoiceLine,
  type InvoiceTax,
  TAX_CATEGORY_CODES,
  minorDigits,
  transferReference,
} from '#domain';
import type { CreditNoteDocument } from '../credit-note/find-credit-note.js';
import type { InvoiceDocument } from '../invoice/document/invoice-document.js';
import { lineTitle } from '../invoice/document/line-title.js';
import { termsText } from '../invoice/document/terms-text.js';
import type {
  ElectronicDocument,
  ElectronicLine,
  ElectronicParty,
  ElectronicVat,
  VatCategory,
} from './electronic-invoice.js';

/** EN 16931 knows amounts of two decimal places. */
const MOST_PLACES = 2;

/** Units of meters in codes of UN/ECE Recommendation 20; what is counted otherwise is in pieces ("one"). */
const UNIT_CODES: Readonly<Record<string, string>> = {
  byte: 'AD',
  kilobyte: '2P',
  megabyte: '4L',
  gigabyte: 'E34',
  terabyte: 'E35',
  millisecond: 'C26',
  second: 'SEC',
  minute: 'MIN',
  hour: 'HUR',
  day: 'DAY',
};
const PIECE = 'C62';

/**
 * An issued invoice in the terms of EN 16931. What coupons take off and prepaid credits are allowances; every other line is a line, with as many units
 * as it charges and their price for all of them.
 * @throws ConflictError `electronic_invoice_unsupported` for what the standard cannot say, `electronic_invoice_incomplete` that
 *   names what must be known of seller and buyer
 */
export function toElectronicInvoice(document: InvoiceDocument): ElectronicDocument {
  const { invoice } = document;
  if (invoice.number === null || invoice.issuedAt === null)
    throw unsupported('it has no number: it is not issued, or over nothing');
  if (invoice.state === 'void') throw unsupported('it is void');
  const vat = vatOf(invoice, invoice.taxes, invoice.subtotalMinor, invoice.taxMinor);
  return {
    type: 'invoice',
    number: invoice.number,
    issuedAt: invoice.issuedAt,
    preceding: null,
    ...commonOf(document, vat),
    lines: invoice.lines.filter((line) => !isAllowance(line)).map((line) => lineOf(line, document)),
    allowances: invoice.lines
      .filter(isAllowance)
      .map(({ description, amountMinor }) => ({ reason: description, amountMinor: -amountMinor })),
    vat,
    prepaidMinor: invoice.balanceAppliedMinor,
    dueAt: invoice.dueAt,
    paymentTerms: termsText(invoice),
    creditTransfer: creditTransferOf(document, invoice.number),
  };
}

/**
 * A credit note in the terms of EN 16931, which refers to its invoice.
 * @throws ConflictError as `toElectronicInvoice`
 */
export function toElectronicCreditNote({ note, lines, taxes, invoice }: CreditNoteDocument): ElectronicDocument {
  const vat = vatOf(invoice.invoice, taxes, note.subtotalMinor, note.taxMinor);
  return {
    type: 'credit_note',
    number: note.number,
    issuedAt: note.issuedAt,
    preceding: { number: invoice.invoice.number!, issuedAt: invoice.invoice.issuedAt },
    ...commonOf(invoice, vat),
    note: note.reason,
    lines: lines.map(creditedLine),
    allowances: [],
    vat,
    prepaidMinor: 0n,
    dueAt: null,
    creditTransfer: null,
    paymentTerms: 'Taken off what is due of the invoice, or kept for later ones.',
  };
}

function creditTransferOf(
  { invoice: { paymentMethod }, seller }: InvoiceDocument,
  number: string,
): ElectronicDocument['creditTransfer'] {
  const account = seller.bankAccount ?? null;
  if (paymentMethod !== 'transfer' || account === null) return null;
  return { reference: transferReference(account, number), account: account.iban, bank: account.bic };
}

function commonOf(document: InvoiceDocument, { category, reason }: ElectronicVat) {
  const { invoice } = document;
  return {
    currency: invoice.currency,
    note: category === 'S' || category === 'Z' ? null : reason,
    purchaseOrderNumber: invoice.buyer?.purchaseOrderNumber ?? null,
    period: { start: invoice.periodStart, end: invoice.periodEnd },
    ...partiesOf(document, category),
  };
}

function partiesOf(
  { invoice, seller, billTo }: InvoiceDocument,
  category: VatCategory,
): { readonly seller: ElectronicParty; readonly buyer: ElectronicParty } {
  const { buyer } = invoice;
  const sellerNumber = compact(seller.taxId);
  const buyerNumbers = (buyer?.taxIds ?? []).map(({ value }) => compact(value)!);
  const sellerVatId = isVatId(sellerNumber, seller.country) ? sellerNumber : null;
  const buyerVatId = buyerNumbers.find((value) => isVatId(value, null)) ?? null;
  const missing = [
    seller.country === null && 'the country of the seller',
    (buyer?.country ?? null) === null && 'the country of the buyer, in its billing details',
    category !== 'O' && sellerNumber === null && 'the tax number of the seller',
    category === 'AE' && buyerVatId === null && 'the VAT number of the buyer',
  ].filter((what) => what !== false);
  if (missing.length > 0 || seller.country === null)
    throw new ConflictError(
      'electronic_invoice_incomplete',
      `An electronic invoice must say more than this one has kept: ${missing.join('; ')}. What is set now is on later invoices.`,
    );
  // What is outside of the scope of VAT must not name a number of it (BR-O-2).
  const named = category !== 'O';
  return {
    seller: {
      name: seller.name,
      id: invoice.sellerSlug,
      addressLines: seller.addressLines,
      postalCode: null,
      region: null,
      country: seller.country,
      vatId: named ? sellerVatId : null,
      taxRegistration: named && sellerVatId === null ? sellerNumber : null,
    },
    buyer: {
      name: billTo.name,
      id: null,
      addressLines: buyer?.addressLines ?? [],
      postalCode: buyer?.postalCode ?? null,
      region: buyer?.region ?? null,
      country: buyer!.country!,
      vatId: named ? buyerVatId : null,
      taxRegistration: null,
    },
  };
}

function vatOf(
  { currency, taxTreatment }: InvoiceDocument['invoice'],
  taxes: readonly InvoiceTax[],
  taxableMinor: bigint,
  taxMinor: bigint,
): ElectronicVat {
  if (minorDigits(currency) > MOST_PLACES)
    throw unsupported(`amounts of ${currency} have more than ${MOST_PLACES} decimal places`);
  if (taxes.length > 1) throw unsupported('it has more than one tax, and the standard knows one VAT of a line');
  const [tax] = taxes;
  const category = TAX_CATEGORY_CODES[tax?.category ?? 'outside_scope'];
  return {
    category,
    percent: category === 'O' ? null : (tax?.percent ?? '0'),
    taxableMinor,
    taxMinor,
    ...reasonOf(category, taxTreatment?.note ?? null),
  };
}

function reasonOf(category: VatCategory, note: string | null): Pick<ElectronicVat, 'reason' | 'reasonCode'> {
  switch (category) {
    case 'S':
    case 'Z':
      return { reason: null, reasonCode: null };
    case 'E':
      return { reason: note ?? 'Exempt', reasonCode: null };
    case 'AE':
      return { reason: note ?? 'Reverse charge', reasonCode: 'VATEX-EU-AE' };
    case 'O':
      return { reason: note ?? 'Not subject to VAT', reasonCode: 'VATEX-EU-O' };
  }
}

/** A discount that is taken back is a line, and so are credits that are returned, as an allowance is never below zero. */
function isAllowance({ kind, amountMinor }: InvoiceLine): boolean {
  return (kind === 'prepaid_credit' || kind === 'discount') && amountMinor < 0n;
}

function lineOf(line: InvoiceLine, document: InvoiceDocument): ElectronicLine {
  const meter = document.meters.find(({ slug }) => slug === line.meter);
  const isCounted = (line.kind === 'usage' || line.kind === 'late_usage') && !/^-?0*(\.0*)?$/.test(line.quantity);
  const quantity = isCounted ? line.quantity.replace(/^-/, '') : '1';
  return {
    id: line.position.toString(),
    name: lineTitle(document, line),
    description: line.description,
    quantity: line.amountMinor < 0n ? `-${quantity}` : quantity,
    unitCode: isCounted ? (UNIT_CODES[meter?.unit ?? ''] ?? PIECE) : PIECE,
    netMinor: line.amountMinor,
    priceMinor: line.amountMinor < 0n ? -line.amountMinor : line.amountMinor,
    priceQuantity: quantity,
    period: line.serviceStart && line.serviceEnd && { start: line.serviceStart, end: line.serviceEnd },
  };
}

function creditedLine({ position, description, amountMinor }: CreditNoteLine): ElectronicLine {
  return {
    id: position.toString(),
    name: description,
    description: null,
    quantity: amountMinor < 0n ? '-1' : '1',
    unitCode: PIECE,
    netMinor: amountMinor,
    priceMinor: amountMinor < 0n ? -amountMinor : amountMinor,
    priceQuantity: '1',
    period: null,
  };
}

/** Without blanks and marks between the digits; null for none. */
function compact(taxId: string | null): string | null {
  const text = taxId?.replace(/[\s.-]/g, '').toUpperCase() ?? '';
  return text === '' ? null : text;
}

/** With the prefix of a country, of the one given if any; Greece has EL. */
function isVatId(taxId: string | null, country: string | null): boolean {
  const prefix = /^([A-Z]{2})[A-Z0-9+*]{2,13}$/.exec(taxId ?? '')?.[1];
  return prefix !== undefined && (country === null || prefix === (country === 'GR' ? 'EL' : country));
}

function unsupported(why: string): ConflictError {
  return new ConflictError('electronic_invoice_unsupported', `There is no electronic form of this document: ${why}.`);
}
