import { formatMinor } from '#domain';
import { type Element, element, optionalText, textElement, xmlDocument } from '../xml/element.js';
import {
  type ElectronicCreditTransfer,
  type ElectronicDocument,
  type ElectronicLine,
  type ElectronicParty,
  type ElectronicVat,
  totalsOf,
} from './electronic-invoice.js';

const NAMESPACE = 'urn:oasis:names:specification:ubl:schema:xsd';
const CUSTOMIZATION = 'urn:cen.eu:en16931:2017';
/** UNTDID 1001. */
const COMMERCIAL_INVOICE = '380';
const CREDIT_NOTE = '381';
/** UNTDID 5189: a discount. */
const DISCOUNT = '95';
/** UNTDID 4461. */
const CREDIT_TRANSFER = '30';

/**
 * A document as UBL 2.1 in the syntax binding of EN 16931 (CEN/TS 16931-3-2): the elements in the order of the schema, only
 * those that the standard knows.
 */
export function writeUbl(document: ElectronicDocument): string {
  const isInvoice = document.type === 'invoice';
  const root = isInvoice ? 'Invoice' : 'CreditNote';
  return xmlDocument(element(root, ...headOf(document), ...bodyOf(document)), {
    xmlns: `${NAMESPACE}:${root}-2`,
    'xmlns:cac': `${NAMESPACE}:CommonAggregateComponents-2`,
    'xmlns:cbc': `${NAMESPACE}:CommonBasicComponents-2`,
  });
}

function headOf({
  type,
  number,
  issuedAt,
  dueAt,
  currency,
  note,
  purchaseOrderNumber,
  preceding,
  period,
}: ElectronicDocument) {
  return [
    textElement('cbc:CustomizationID', CUSTOMIZATION),
    textElement('cbc:ID', number),
    textElement('cbc:IssueDate', day(issuedAt)),
    optionalText('cbc:DueDate', dueAt && day(dueAt)),
    type === 'invoice'
      ? textElement('cbc:InvoiceTypeCode', COMMERCIAL_INVOICE)
      : textElement('cbc:CreditNoteTypeCode', CREDIT_NOTE),
    optionalText('cbc:Note', note),
    textElement('cbc:DocumentCurrencyCode', currency),
    periodElement(period),
    purchaseOrderNumber === null ? null : element('cac:OrderReference', textElement('cbc:ID', purchaseOrderNumber)),
    preceding &&
      element(
        'cac:BillingReference',
        element(
          'cac:InvoiceDocumentReference',
          textElement('cbc:ID', preceding.number),
          optionalText('cbc:IssueDate', preceding.issuedAt && day(preceding.issuedAt)),
        ),
      ),
  ];
}

function bodyOf(document: ElectronicDocument) {
  const { seller, buyer, allowances, lines, vat, prepaidMinor, paymentTerms, creditTransfer, type } = document;
  const money = moneyOf(document.currency);
  const totals = totalsOf(document);
  return [
    element('cac:AccountingSupplierParty', partyElement(seller)),
    element('cac:AccountingCustomerParty', partyElement(buyer)),
    creditTransfer && paymentMeansElement(creditTransfer),
    element('cac:PaymentTerms', textElement('cbc:Note', paymentTerms)),
    allowances.map(({ reason, amountMinor }) =>
      element(
        'cac:AllowanceCharge',
        textElement('cbc:ChargeIndicator', 'false'),
        textElement('cbc:AllowanceChargeReasonCode', DISCOUNT),
        textElement('cbc:AllowanceChargeReason', reason),
        money('cbc:Amount', amountMinor),
        categoryElement('cac:TaxCategory', vat, false),
      ),
    ),
    element(
      'cac:TaxTotal',
      money('cbc:TaxAmount', vat.taxMinor),
      element(
        'cac:TaxSubtotal',
        money('cbc:TaxableAmount', vat.taxableMinor),
        money('cbc:TaxAmount', vat.taxMinor),
        categoryElement('cac:TaxCategory', vat, true),
      ),
    ),
    element(
      'cac:LegalMonetaryTotal',
      money('cbc:LineExtensionAmount', totals.linesMinor),
      money('cbc:TaxExclusiveAmount', totals.withoutTaxMinor),
      money('cbc:TaxInclusiveAmount', totals.withTaxMinor),
      allowances.length === 0 ? null : money('cbc:AllowanceTotalAmount', totals.allowancesMinor),
      prepaidMinor === 0n ? null : money('cbc:PrepaidAmount', prepaidMinor),
      money('cbc:PayableAmount', totals.payableMinor),
    ),
    lines.map((line) => lineElement(line, type, vat, money)),
  ];
}

function lineElement(
  line: ElectronicLine,
  type: ElectronicDocument['type'],
  vat: ElectronicVat,
  money: ReturnType<typeof moneyOf>,
): Element {
  const [name, quantity] =
    type === 'invoice'
      ? (['cac:InvoiceLine', 'cbc:InvoicedQuantity'] as const)
      : (['cac:CreditNoteLine', 'cbc:CreditedQuantity'] as const);
  const unit = { unitCode: line.unitCode };
  return element(
    name,
    textElement('cbc:ID', line.id),
    textElement(quantity, line.quantity, unit),
    money('cbc:LineExtensionAmount', line.netMinor),
    line.period && periodElement(line.period),
    element(
      'cac:Item',
      optionalText('cbc:Description', line.description),
      textElement('cbc:Name', line.name),
      categoryElement('cac:ClassifiedTaxCategory', vat, false),
    ),
    element(
      'cac:Price',
      money('cbc:PriceAmount', line.priceMinor),
      textElement('cbc:BaseQuantity', line.priceQuantity, unit),
    ),
  );
}

function paymentMeansElement({ reference, account, bank }: ElectronicCreditTransfer): Element {
  return element(
    'cac:PaymentMeans',
    textElement('cbc:PaymentMeansCode', CREDIT_TRANSFER),
    textElement('cbc:PaymentID', reference),
    element(
      'cac:PayeeFinancialAccount',
      textElement('cbc:ID', account),
      bank === null ? null : element('cac:FinancialInstitutionBranch', textElement('cbc:ID', bank)),
    ),
  );
}

function partyElement(party: ElectronicParty): Element {
  const { name, id, addressLines, postalCode, region, country, vatId, taxRegistration } = party;
  const [street, additional, ...others] = addressLines;
  return element(
    'cac:Party',
    id === null ? null : element('cac:PartyIdentification', textElement('cbc:ID', id)),
    element(
      'cac:PostalAddress',
      optionalText('cbc:StreetName', street ?? null),
      optionalText('cbc:AdditionalStreetName', additional ?? null),
      optionalText('cbc:PostalZone', postalCode),
      optionalText('cbc:CountrySubentity', region),
      others.length === 0 ? null : element('cac:AddressLine', textElement('cbc:Line', others.join(', '))),
      element('cac:Country', textElement('cbc:IdentificationCode', country)),
    ),
    vatId === null ? null : taxSchemeElement(vatId, 'VAT'),
    taxRegistration === null ? null : taxSchemeElement(taxRegistration, 'TAX'),
    element('cac:PartyLegalEntity', textElement('cbc:RegistrationName', name)),
  );
}

function taxSchemeElement(id: string, scheme: 'VAT' | 'TAX'): Element {
  return element(
    'cac:PartyTaxScheme',
    textElement('cbc:CompanyID', id),
    element('cac:TaxScheme', textElement('cbc:ID', scheme)),
  );
}

/** Why nothing is charged is said once, in the breakdown. */
function categoryElement(
  name: string,
  { category, percent, reason, reasonCode }: ElectronicVat,
  isWhole: boolean,
): Element {
  return element(
    name,
    textElement('cbc:ID', category),
    optionalText('cbc:Percent', percent),
    isWhole ? optionalText('cbc:TaxExemptionReasonCode', reasonCode) : null,
    isWhole ? optionalText('cbc:TaxExemptionReason', reason) : null,
    element('cac:TaxScheme', textElement('cbc:ID', 'VAT')),
  );
}

/** Dates are days in UTC, and both are in the period. */
function periodElement({ start, end }: { readonly start: Date; readonly end: Date }): Element {
  const last = new Date(Math.max(end.getTime() - 1, start.getTime()));
  return element('cac:InvoicePeriod', textElement('cbc:StartDate', day(start)), textElement('cbc:EndDate', day(last)));
}

function moneyOf(currency: string) {
  return (name: string, amountMinor: bigint) =>
    textElement(name, formatMinor(amountMinor, currency), { currencyID: currency });
}

function day(at: Date): string {
  return at.toISOString().slice(0, 10);
}
