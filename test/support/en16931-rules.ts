import { Big } from 'big.js';
import { type XmlElement, all, textAt } from './xml-tree.js';

// Written from the text of EN 16931-1 (rules BR-…) and of the UBL 2.1 schemas, and not from the writer: what a document says
// is checked as a receiver would.

// Sources: OASIS UBL 2.1, http://docs.oasis-open.org/ubl/os-UBL-2.1/ (UBL-Invoice-2.1.xsd, UBL-CreditNote-2.1.xsd and
// UBL-CommonAggregateComponents-2.1.xsd), and the syntax binding CEN/TS 16931-3-2. Order and number were held against the JSON schema of the
// npm package @e-invoice-eu/core 2.3.4, which others have made of them, and invoices of every VAT category against all of it with its code lists.

/** The children of UBL 2.1 elements, in the order of their schemas, as far as EN 16931 uses them: "?" at most one, "*" any, "+" some. */
const SEQUENCES: Readonly<Record<string, string>> = {
  Invoice:
    'cbc:CustomizationID cbc:ProfileID? cbc:ID cbc:IssueDate cbc:DueDate? cbc:InvoiceTypeCode cbc:Note* cbc:TaxPointDate? cbc:DocumentCurrencyCode cbc:TaxCurrencyCode? cbc:AccountingCost? cbc:BuyerReference? cac:InvoicePeriod? cac:OrderReference? cac:BillingReference* cac:DespatchDocumentReference? cac:ReceiptDocumentReference? cac:OriginatorDocumentReference? cac:ContractDocumentReference? cac:AdditionalDocumentReference* cac:ProjectReference? cac:AccountingSupplierParty cac:AccountingCustomerParty cac:PayeeParty? cac:TaxRepresentativeParty? cac:Delivery? cac:PaymentMeans* cac:PaymentTerms? cac:AllowanceCharge* cac:TaxTotal+ cac:LegalMonetaryTotal cac:InvoiceLine+',
  CreditNote:
    'cbc:CustomizationID cbc:ProfileID? cbc:ID cbc:IssueDate cbc:TaxPointDate? cbc:CreditNoteTypeCode cbc:Note* cbc:DocumentCurrencyCode cbc:TaxCurrencyCode? cbc:AccountingCost? cbc:BuyerReference? cac:InvoicePeriod? cac:OrderReference? cac:BillingReference* cac:DespatchDocumentReference? cac:ReceiptDocumentReference? cac:ContractDocumentReference? cac:AdditionalDocumentReference* cac:OriginatorDocumentReference? cac:AccountingSupplierParty cac:AccountingCustomerParty cac:PayeeParty? cac:TaxRepresentativeParty? cac:Delivery? cac:PaymentMeans* cac:PaymentTerms? cac:AllowanceCharge* cac:TaxTotal+ cac:LegalMonetaryTotal cac:CreditNoteLine+',
  'cac:InvoicePeriod': 'cbc:StartDate? cbc:EndDate? cbc:DescriptionCode?',
  'cac:OrderReference': 'cbc:ID cbc:SalesOrderID?',
  'cac:BillingReference': 'cac:InvoiceDocumentReference',
  'cac:InvoiceDocumentReference': 'cbc:ID cbc:IssueDate?',
  'cac:AccountingSupplierParty': 'cac:Party',
  'cac:AccountingCustomerParty': 'cac:Party',
  'cac:Party':
    'cbc:EndpointID? cac:PartyIdentification* cac:PartyName? cac:PostalAddress cac:PartyTaxScheme* cac:PartyLegalEntity cac:Contact?',
  'cac:PartyIdentification': 'cbc:ID',
  'cac:PostalAddress':
    'cbc:StreetName? cbc:AdditionalStreetName? cbc:CityName? cbc:PostalZone? cbc:CountrySubentity? cac:AddressLine? cac:Country',
  'cac:AddressLine': 'cbc:Line',
  'cac:Country': 'cbc:IdentificationCode',
  'cac:PartyTaxScheme': 'cbc:CompanyID cac:TaxScheme',
  'cac:TaxScheme': 'cbc:ID',
  'cac:PartyLegalEntity': 'cbc:RegistrationName cbc:CompanyID? cbc:CompanyLegalForm?',
  'cac:PaymentMeans':
    'cbc:PaymentMeansCode cbc:PaymentID* cac:CardAccount? cac:PayeeFinancialAccount? cac:PaymentMandate?',
  'cac:PayeeFinancialAccount': 'cbc:ID cbc:Name? cac:FinancialInstitutionBranch?',
  'cac:FinancialInstitutionBranch': 'cbc:ID',
  'cac:PaymentTerms': 'cbc:Note',
  'cac:AllowanceCharge':
    'cbc:ChargeIndicator cbc:AllowanceChargeReasonCode? cbc:AllowanceChargeReason? cbc:MultiplierFactorNumeric? cbc:Amount cbc:BaseAmount? cac:TaxCategory?',
  'cac:TaxTotal': 'cbc:TaxAmount cac:TaxSubtotal*',
  'cac:TaxSubtotal': 'cbc:TaxableAmount cbc:TaxAmount cac:TaxCategory',
  'cac:TaxCategory': 'cbc:ID cbc:Percent? cbc:TaxExemptionReasonCode? cbc:TaxExemptionReason? cac:TaxScheme',
  'cac:ClassifiedTaxCategory': 'cbc:ID cbc:Percent? cac:TaxScheme',
  'cac:LegalMonetaryTotal':
    'cbc:LineExtensionAmount cbc:TaxExclusiveAmount cbc:TaxInclusiveAmount cbc:AllowanceTotalAmount? cbc:ChargeTotalAmount? cbc:PrepaidAmount? cbc:PayableRoundingAmount? cbc:PayableAmount',
  'cac:InvoiceLine':
    'cbc:ID cbc:Note? cbc:InvoicedQuantity cbc:LineExtensionAmount cbc:AccountingCost? cac:InvoicePeriod? cac:OrderLineReference? cac:DocumentReference? cac:AllowanceCharge* cac:Item cac:Price',
  'cac:CreditNoteLine':
    'cbc:ID cbc:Note? cbc:CreditedQuantity cbc:LineExtensionAmount cbc:AccountingCost? cac:InvoicePeriod? cac:OrderLineReference? cac:DocumentReference? cac:AllowanceCharge* cac:Item cac:Price',
  'cac:Item':
    'cbc:Description? cbc:Name cac:BuyersItemIdentification? cac:SellersItemIdentification? cac:StandardItemIdentification? cac:OriginCountry? cac:CommodityClassification* cac:ClassifiedTaxCategory cac:AdditionalItemProperty*',
  'cac:Price': 'cbc:PriceAmount cbc:BaseQuantity? cac:AllowanceCharge?',
};

/** What EN 16931-1 has a document say, by the number of the rule: a path from the document. `LINE` is the line of either kind. */
export const REQUIRED: readonly (readonly [rule: string, path: string])[] = [
  ['BR-01', 'cbc:CustomizationID'],
  ['BR-02', 'cbc:ID'],
  ['BR-03', 'cbc:IssueDate'],
  ['BR-04', 'cbc:TYPE'],
  ['BR-05', 'cbc:DocumentCurrencyCode'],
  ['BR-06', 'cac:AccountingSupplierParty/cac:Party/cac:PartyLegalEntity/cbc:RegistrationName'],
  ['BR-07', 'cac:AccountingCustomerParty/cac:Party/cac:PartyLegalEntity/cbc:RegistrationName'],
  ['BR-08', 'cac:AccountingSupplierParty/cac:Party/cac:PostalAddress'],
  ['BR-09', 'cac:AccountingSupplierParty/cac:Party/cac:PostalAddress/cac:Country/cbc:IdentificationCode'],
  ['BR-10', 'cac:AccountingCustomerParty/cac:Party/cac:PostalAddress'],
  ['BR-11', 'cac:AccountingCustomerParty/cac:Party/cac:PostalAddress/cac:Country/cbc:IdentificationCode'],
  ['BR-12', 'cac:LegalMonetaryTotal/cbc:LineExtensionAmount'],
  ['BR-13', 'cac:LegalMonetaryTotal/cbc:TaxExclusiveAmount'],
  ['BR-14', 'cac:LegalMonetaryTotal/cbc:TaxInclusiveAmount'],
  ['BR-15', 'cac:LegalMonetaryTotal/cbc:PayableAmount'],
  ['BR-16', 'LINE'],
  ['BR-21', 'LINE/cbc:ID'],
  ['BR-22', 'LINE/cbc:QUANTITY'],
  ['BR-24', 'LINE/cbc:LineExtensionAmount'],
  ['BR-25', 'LINE/cac:Item/cbc:Name'],
  ['BR-26', 'LINE/cac:Price/cbc:PriceAmount'],
  ['BR-CO-4', 'LINE/cac:Item/cac:ClassifiedTaxCategory/cbc:ID'],
  ['BR-31', 'cac:AllowanceCharge/cbc:Amount'],
  ['BR-32', 'cac:AllowanceCharge/cac:TaxCategory/cbc:ID'],
  ['BR-33', 'cac:AllowanceCharge/cbc:AllowanceChargeReason'],
  ['BR-45', 'cac:TaxTotal/cac:TaxSubtotal/cbc:TaxableAmount'],
  ['BR-46', 'cac:TaxTotal/cac:TaxSubtotal/cbc:TaxAmount'],
  ['BR-47', 'cac:TaxTotal/cac:TaxSubtotal/cac:TaxCategory/cbc:ID'],
  ['BR-49', 'cac:PaymentMeans/cbc:PaymentMeansCode'],
  ['BR-50', 'cac:PaymentMeans/cac:PayeeFinancialAccount/cbc:ID'],
  ['BR-55', 'cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID'],
];

/** Those of what a document need not have: they hold of each one that is there. */
const OF_EACH = ['BR-31', 'BR-32', 'BR-33', 'BR-49', 'BR-50', 'BR-55'];

/** The path of a required element in a document of its kind. */
export function requiredPath(path: string, { name }: XmlElement): string[] {
  const isInvoice = name === 'Invoice';
  return path
    .replace('LINE', isInvoice ? 'cac:InvoiceLine' : 'cac:CreditNoteLine')
    .replace('QUANTITY', isInvoice ? 'InvoicedQuantity' : 'CreditedQuantity')
    .replace('TYPE', isInvoice ? 'InvoiceTypeCode' : 'CreditNoteTypeCode')
    .split('/');
}

/** The rules of which something is missing: in the document, or in one of those that must have it. */
function missing(document: XmlElement): string[] {
  return REQUIRED.filter(([rule, path]) => {
    const [first, ...rest] = requiredPath(path, document);
    const owners = all(document, first!);
    if (owners.length === 0) return !OF_EACH.includes(rule);
    return rest.length > 0 && owners.some((owner) => all(owner, ...rest).length === 0);
  }).map(([rule]) => rule);
}

/** Codes of UN/ECE Recommendation 20 that meters can have. */
const UNITS = ['C62', 'AD', '2P', '4L', 'E34', 'E35', 'C26', 'SEC', 'MIN', 'HUR', 'DAY'];

/** What a document says against EN 16931; empty when nothing. */
export function brokenRules(document: XmlElement): string[] {
  const incomplete = missing(document);
  if (incomplete.length > 0) return [...incomplete, ...structureFaults(document)];
  return [...structureFaults(document), ...ruleFaults(document)];
}

function structureFaults(element: XmlElement): string[] {
  const own = element.children.length === 0 ? textFaults(element) : sequenceFaults(element);
  return [...own, ...element.children.flatMap(structureFaults)];
}

function textFaults({ name, text, attributes }: XmlElement): string[] {
  if (text.trim() === '') return [`${name} is empty`];
  if (name.endsWith('Amount') && name !== 'cbc:PriceAmount' && !/^-?\d+(\.\d{1,2})?$/.test(text))
    return [`BR-DEC: ${name} ${text}`];
  if (name.endsWith('Amount') && !attributes['currencyID']) return [`${name} has no currency`];
  if (name.endsWith('Quantity') && !UNITS.includes(attributes['unitCode'] ?? '')) return [`BR-CL-23: ${name}`];
  if (name.endsWith('Date') && !/^\d{4}-\d\d-\d\d$/.test(text)) return [`${name} ${text} is no date`];
  return [];
}

function sequenceFaults({ name, children }: XmlElement): string[] {
  const sequence = SEQUENCES[name];
  if (sequence === undefined) return [`${name} is not known to have children`];
  const pattern = sequence.split(' ').map((part) => {
    const [, child, times = ''] = /^(.*?)([?*+]?)$/.exec(part)!;
    return `(?:${child} )${times}`;
  });
  const found = children.map((child) => `${child.name} `).join('');
  return new RegExp(`^${pattern.join('')}$`).test(found) ? [] : [`${name}: ${found}is not its sequence`];
}

function ruleFaults(document: XmlElement): string[] {
  const number = (from: XmlElement, ...path: readonly string[]) => new Big(textAt(from, ...path) ?? '0');
  const sum = (elements: readonly XmlElement[], ...path: readonly string[]) =>
    elements.reduce((total, element) => total.plus(number(element, ...path)), new Big(0));
  const lineName = document.name === 'Invoice' ? 'cac:InvoiceLine' : 'cac:CreditNoteLine';
  const quantityName = document.name === 'Invoice' ? 'cbc:InvoicedQuantity' : 'cbc:CreditedQuantity';
  const lines = all(document, lineName);
  const allowances = all(document, 'cac:AllowanceCharge');
  const [totals] = all(document, 'cac:LegalMonetaryTotal');
  const total = (name: string) => number(totals!, `cbc:${name}`);
  const subtotals = all(document, 'cac:TaxTotal', 'cac:TaxSubtotal');
  const [seller] = all(document, 'cac:AccountingSupplierParty', 'cac:Party');
  const [buyer] = all(document, 'cac:AccountingCustomerParty', 'cac:Party');
  const numberOf = (party: XmlElement, scheme: string) =>
    all(party, 'cac:PartyTaxScheme').find((one) => textAt(one, 'cac:TaxScheme', 'cbc:ID') === scheme);
  const sellerVat = numberOf(seller!, 'VAT');
  const buyerVat = numberOf(buyer!, 'VAT');
  const lineCategories = lines.map((line) => all(line, 'cac:Item', 'cac:ClassifiedTaxCategory')[0]!);
  const categories = [...lineCategories, ...allowances.flatMap((one) => all(one, 'cac:TaxCategory'))];
  const currency = textAt(document, 'cbc:DocumentCurrencyCode');
  const rules: [string, boolean][] = [
    ['BR-CO-10', sum(lines, 'cbc:LineExtensionAmount').eq(total('LineExtensionAmount'))],
    ['BR-CO-11', sum(allowances, 'cbc:Amount').eq(total('AllowanceTotalAmount'))],
    [
      'BR-CO-13',
      total('LineExtensionAmount')
        .minus(total('AllowanceTotalAmount'))
        .plus(total('ChargeTotalAmount'))
        .eq(total('TaxExclusiveAmount')),
    ],
    ['BR-CO-14', sum(subtotals, 'cbc:TaxAmount').eq(number(document, 'cac:TaxTotal', 'cbc:TaxAmount'))],
    [
      'BR-CO-15',
      total('TaxExclusiveAmount')
        .plus(number(document, 'cac:TaxTotal', 'cbc:TaxAmount'))
        .eq(total('TaxInclusiveAmount')),
    ],
    [
      'BR-CO-16',
      total('TaxInclusiveAmount')
        .minus(total('PrepaidAmount'))
        .plus(total('PayableRoundingAmount'))
        .eq(total('PayableAmount')),
    ],
    ['BR-CO-12', total('ChargeTotalAmount').eq(0)],
    [
      'BG-20: what is taken off is an allowance, and never below zero',
      allowances.every((one) => textAt(one, 'cbc:ChargeIndicator') === 'false' && number(one, 'cbc:Amount').gte(0)),
    ],
    ['BR-CO-18', subtotals.length === 1],
    [
      'BR-CO-21',
      allowances.every(
        (one) => textAt(one, 'cbc:AllowanceChargeReason') || textAt(one, 'cbc:AllowanceChargeReasonCode'),
      ),
    ],
    ['BR-CO-25', total('PayableAmount').lte(0) || Boolean(textAt(document, 'cac:PaymentTerms', 'cbc:Note'))],
    ['BR-CO-26', all(seller!, 'cac:PartyIdentification').length > 0 || sellerVat !== undefined],
    [
      'BR-CO-9',
      [sellerVat, buyerVat].every((one) => one === undefined || /^(?!GR)[A-Z]{2}/.test(textAt(one, 'cbc:CompanyID')!)),
    ],
    [
      'BR-9/BR-11',
      [seller, buyer].every((party) =>
        /^[A-Z]{2}$/.test(textAt(party!, 'cac:PostalAddress', 'cac:Country', 'cbc:IdentificationCode')!),
      ),
    ],
    ['BR-27', lines.every((line) => number(line, 'cac:Price', 'cbc:PriceAmount').gte(0))],
    [
      'BR-29',
      (textAt(document, 'cac:InvoicePeriod', 'cbc:StartDate') ?? '') <=
        (textAt(document, 'cac:InvoicePeriod', 'cbc:EndDate') ?? ''),
    ],
    [
      'BR-30',
      lines.every(
        (line) =>
          (textAt(line, 'cac:InvoicePeriod', 'cbc:StartDate') ?? '') <=
          (textAt(line, 'cac:InvoicePeriod', 'cbc:EndDate') ?? ''),
      ),
    ],
    [
      'the net amount of a line is its quantity times its price',
      lines.every((line) =>
        number(line, quantityName)
          .times(number(line, 'cac:Price', 'cbc:PriceAmount'))
          .eq(number(line, 'cbc:LineExtensionAmount').times(number(line, 'cac:Price', 'cbc:BaseQuantity'))),
      ),
    ],
    ['one currency', currencies(document).every((code) => code === currency)],
    ['line ids are unique', new Set(lines.map((line) => textAt(line, 'cbc:ID'))).size === lines.length],
  ];
  for (const subtotal of subtotals) {
    const [whole] = all(subtotal, 'cac:TaxCategory');
    const code = textAt(whole!, 'cbc:ID')!;
    const percent = textAt(whole!, 'cbc:Percent');
    const ofCategory = (one: XmlElement) => textAt(one, 'cbc:ID') === code && textAt(one, 'cbc:Percent') === percent;
    const taxable = number(subtotal, 'cbc:TaxableAmount');
    const tax = number(subtotal, 'cbc:TaxAmount');
    const places = Math.max(0, ...(textAt(subtotal, 'cbc:TaxAmount')!.split('.')[1]?.length ? [2] : [0]));
    const hasReason = Boolean(textAt(whole!, 'cbc:TaxExemptionReason') || textAt(whole!, 'cbc:TaxExemptionReasonCode'));
    const sellerNumbered = sellerVat !== undefined || numberOf(seller!, 'TAX') !== undefined;
    rules.push(
      [`BR-${code}-1`, categories.every(ofCategory)],
      [`BR-${code}-8`, sum(lines, 'cbc:LineExtensionAmount').minus(sum(allowances, 'cbc:Amount')).eq(taxable)],
      // Half away from zero, to the places of the currency.
      [
        'BR-CO-17',
        taxable
          .times(percent ?? '0')
          .div(100)
          .round(places, 1)
          .eq(tax),
      ],
      ['BR-48', code === 'O' || percent !== undefined],
      [`BR-${code}-10`, code === 'S' || code === 'Z' ? !hasReason : hasReason],
      [`BR-${code}-2`, code === 'O' ? sellerVat === undefined && buyerVat === undefined : sellerNumbered],
      ['BR-AE-2', code !== 'AE' || buyerVat !== undefined],
      ['BR-S-5', code === 'S' ? Number(percent) > 0 : code === 'O' ? percent === undefined : Number(percent) === 0],
      ['BR-CL-17', ['S', 'Z', 'E', 'AE', 'O'].includes(code)],
    );
  }
  return rules.filter(([, holds]) => !holds).map(([rule]) => rule);
}

function currencies({ attributes, children }: XmlElement): string[] {
  return [...(attributes['currencyID'] ? [attributes['currencyID']] : []), ...children.flatMap(currencies)];
}
