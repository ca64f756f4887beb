import { type InvoiceLine, type InvoiceLineKind, type TaxCategory, creditedTaxes, invoiceTaxes } from '#domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { REQUIRED, brokenRules, requiredPath } from '../../../../test/support/en16931-rules.js';
import { type XmlElement, all, parseXml, textAt } from '../../../../test/support/xml-tree.js';
import type { CreditNoteDocument } from '../credit-note/find-credit-note.js';
import type { InvoiceDocument } from '../invoice/document/invoice-document.js';
import { toElectronicCreditNote, toElectronicInvoice } from './to-electronic-invoice.js';
import { writeUbl } from './write-ubl.js';

interface Sketch {
  readonly lines: readonly Partial<InvoiceLine>[];
  readonly category: TaxCategory;
  readonly percents: readonly string[];
  readonly currency: string;
  readonly appliedMinor: bigint;
  readonly buyerName: string;
}

const aSketch: Sketch = {
  lines: [
    { kind: 'fixed_fee', amountMinor: 2_900n, quantity: '1', meter: null },
    { kind: 'usage', amountMinor: 251n, quantity: '350.5', meter: 'traffic' },
  ],
  category: 'standard',
  percents: ['19'],
  currency: 'EUR',
  appliedMinor: 0n,
  buyerName: 'Lovelace SARL',
};

function aDocument(changes: Partial<Sketch> = {}): InvoiceDocument {
  const { lines, category, percents, currency, appliedMinor, buyerName } = { ...aSketch, ...changes };
  const whole = lines.map((line, index) => ({
    id: `line-${index}`,
    position: index + 1,
    kind: 'usage',
    meter: 'requests',
    description: 'requests: 3 units',
    quantity: '3',
    amountMinor: 0n,
    serviceStart: null,
    serviceEnd: null,
    ...line,
  })) as unknown as InvoiceLine[];
  const subtotalMinor = whole.reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
  const rates = percents.map((percent) => ({ name: 'VAT', percent, country: 'DE', region: null }));
  const taxes = invoiceTaxes({ category, rates }, subtotalMinor, currency);
  const taxMinor = taxes.reduce((sum, tax) => sum + tax.taxMinor, 0n);
  return {
    invoice: {
      number: 'TG-000042',
      state: 'paid',
      sellerSlug: 'default',
      issuedAt: new Date('2026-03-01T01:00:00Z'),
      paymentMethod: 'card',
      dueAt: new Date('2026-03-01T01:00:00Z'),
      periodStart: new Date('2026-02-01T00:00:00Z'),
      periodEnd: new Date('2026-03-01T00:00:00Z'),
      currency,
      subtotalMinor,
      taxMinor,
      totalMinor: subtotalMinor + taxMinor,
      balanceAppliedMinor: appliedMinor < subtotalMinor + taxMinor ? appliedMinor : subtotalMinor + taxMinor,
      lines: whole,
      taxes,
      taxTreatment: { category, note: category === 'exempt' ? 'Article 132' : null, explanation: '' },
      buyer: {
        name: buyerName,
        addressLines: ['1 rue Ada', '75001 Paris', 'Bâtiment B', '3e étage'],
        country: 'FR',
        region: null,
        taxIds: [{ country: 'FR', value: 'FR 40 303265045' }],
        purchaseOrderNumber: 'PO-7 & "8"',
      },
    } as unknown as InvoiceDocument['invoice'],
    billTo: { name: buyerName, email: null, details: [] },
    seller: { name: 'Atlas GmbH', addressLines: ['Unter den Linden 1'], taxId: 'DE 136695976', country: 'DE' },
    plans: [],
    meters: [{ slug: 'traffic', title: 'Traffic', unit: 'gigabyte' }],
    renderedAt: new Date('2026-03-01T00:00:00Z'),
  };
}

const invoiceXml = (changes: Partial<Sketch> = {}) => writeUbl(toElectronicInvoice(aDocument(changes)));

describe('an invoice in UBL', () => {
  it('says who, what, when and how much in the terms of EN 16931', () => {
    const document = parseXml(invoiceXml({ appliedMinor: 1_000n }));
    expect(brokenRules(document)).toEqual([]);
    const says = (...path: readonly string[]) => textAt(document, ...path);
    expect(document.name).toBe('Invoice');
    expect(says('cbc:CustomizationID')).toBe('urn:cen.eu:en16931:2017');
    expect([says('cbc:ID'), says('cbc:IssueDate'), says('cbc:InvoiceTypeCode')]).toEqual([
      'TG-000042',
      '2026-03-01',
      '380',
    ]);
    expect(says('cac:OrderReference', 'cbc:ID')).toBe('PO-7 & "8"');
    // The period is half-open inside, and both days are in it here.
    expect([says('cac:InvoicePeriod', 'cbc:StartDate'), says('cac:InvoicePeriod', 'cbc:EndDate')]).toEqual([
      '2026-02-01',
      '2026-02-28',
    ]);
    const vatOf = (party: string) => says(party, 'cac:Party', 'cac:PartyTaxScheme', 'cbc:CompanyID');
    expect([vatOf('cac:AccountingSupplierParty'), vatOf('cac:AccountingCustomerParty')]).toEqual([
      'DE136695976',
      'FR40303265045',
    ]);
    const total = (name: string) => says('cac:LegalMonetaryTotal', `cbc:${name}`);
    expect(['LineExtensionAmount', 'TaxInclusiveAmount', 'PrepaidAmount', 'PayableAmount'].map(total)).toEqual([
      '31.51',
      '37.50',
      '10.00',
      '27.50',
    ]);
    const [, usage] = all(document, 'cac:InvoiceLine');
    expect(all(usage!, 'cbc:InvoicedQuantity')[0]).toMatchObject({ text: '350.5', attributes: { unitCode: 'E34' } });
    expect(textAt(usage!, 'cac:Item', 'cbc:Name')).toBe('Traffic');
  });

  it.each([
    ['standard', '19', 'S'],
    ['reduced', '7', 'S'],
    ['zero', '0', 'Z'],
    ['exempt', '0', 'E'],
    ['reverse_charge', '0', 'AE'],
    ['outside_scope', '0', 'O'],
  ] as const)('taxed as %s at %s percent has the category %s', (category, percent, code) => {
    const document = parseXml(invoiceXml({ category, percents: [percent] }));
    expect(brokenRules(document)).toEqual([]);
    expect(textAt(document, 'cac:TaxTotal', 'cac:TaxSubtotal', 'cac:TaxCategory', 'cbc:ID')).toBe(code);
  });

  it('has credits that are returned as a line, as usage that they had paid is one below zero', () => {
    const lines = [
      { kind: 'fixed_fee', amountMinor: 2_000n, meter: null },
      { kind: 'late_usage', amountMinor: -5_000n, quantity: '1' },
      { kind: 'prepaid_credit', amountMinor: 5_000n, description: 'Prepaid credits returned: promotion' },
    ] as const;
    const document = parseXml(invoiceXml({ lines }));
    expect(brokenRules(document)).toEqual([]);
    expect(all(document, 'cac:AllowanceCharge')).toEqual([]);
    expect(all(document, 'cac:InvoiceLine').map((line) => textAt(line, 'cbc:LineExtensionAmount'))).toEqual([
      '20.00',
      '-50.00',
      '50.00',
    ]);
    expect(textAt(all(document, 'cac:InvoiceLine')[2]!, 'cac:Item', 'cbc:Name')).toBe('Prepaid credits returned');
  });

  it('takes prepaid credits off as allowances, and gives fees back as lines below zero', () => {
    const lines = [
      { kind: 'usage', amountMinor: 5_000n, quantity: '10' },
      {
        kind: 'fixed_fee_credit',
        amountMinor: -1_000n,
        meter: null,
        serviceStart: new Date('2026-02-10'),
        serviceEnd: new Date('2026-03-01'),
      },
      { kind: 'prepaid_credit', amountMinor: -3_000n, meter: null, description: 'Prepaid credits: promotion' },
    ] as const;
    const document = parseXml(invoiceXml({ lines }));
    expect(brokenRules(document)).toEqual([]);
    expect(textAt(document, 'cac:AllowanceCharge', 'cbc:Amount')).toBe('30.00');
    const [, given] = all(document, 'cac:InvoiceLine');
    expect([textAt(given!, 'cbc:InvoicedQuantity'), textAt(given!, 'cbc:LineExtensionAmount')]).toEqual([
      '-1',
      '-10.00',
    ]);
    expect(textAt(given!, 'cac:InvoicePeriod', 'cbc:EndDate')).toBe('2026-02-28');
  });

  it('has what a coupon takes off as allowances, and what it takes back as a line', () => {
    const discount = { kind: 'discount', meter: null, description: 'Spring sale: 20% off (fixed fee)' } as const;
    const lines = [
      { kind: 'fixed_fee', amountMinor: 2_900n, quantity: '1', meter: null },
      { ...discount, amountMinor: -580n },
      { kind: 'fixed_fee_credit', amountMinor: -1_000n, quantity: '1', meter: null },
      { ...discount, amountMinor: 200n, quantity: '1' },
    ] as const;
    const document = parseXml(invoiceXml({ lines }));
    expect(brokenRules(document)).toEqual([]);
    const [allowance] = all(document, 'cac:AllowanceCharge');
    expect([textAt(allowance!, 'cbc:Amount'), textAt(allowance!, 'cbc:AllowanceChargeReasonCode')]).toEqual([
      '5.80',
      '95',
    ]);
    expect(textAt(allowance!, 'cbc:AllowanceChargeReason')).toBe('Spring sale: 20% off (fixed fee)');
    expect(all(document, 'cac:InvoiceLine').map((line) => textAt(line, 'cbc:LineExtensionAmount'))).toEqual([
      '29.00',
      '-10.00',
      '2.00',
    ]);
    expect(textAt(document, 'cac:LegalMonetaryTotal', 'cbc:TaxExclusiveAmount')).toBe('15.20');
  });

  it('stays well-formed whatever a buyer is called', () => {
    const name = `<script>&"']]>\0\ud800 Ltd`;
    const document = parseXml(invoiceXml({ buyerName: name }));
    const read = textAt(
      document,
      'cac:AccountingCustomerParty',
      'cac:Party',
      'cac:PartyLegalEntity',
      'cbc:RegistrationName',
    );
    expect(read).toBe(`<script>&"']]>\ufffd\ufffd Ltd`);
  });

  it('keeps all rules on any invoice, and so do credit notes of parts of it', () => {
    fc.assert(
      fc.property(
        aRandomSketch,
        fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 3 }),
        (sketch, shares) => {
          const document = aDocument(sketch);
          fc.pre(document.invoice.subtotalMinor > 0n);
          const xml = writeUbl(toElectronicInvoice(document));
          expect(brokenRules(parseXml(xml))).toEqual([]);
          for (const note of notesOf(document, shares)) {
            const faults = brokenRules(parseXml(writeUbl(toElectronicCreditNote(note))));
            // The taxes of all notes together are that of the invoice, so one of them may be a cent off its own share.
            expect(faults.filter((fault) => fault !== 'BR-CO-17')).toEqual([]);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('is refused where the standard cannot say it, or too little is known', () => {
    const refusal = (change: (document: InvoiceDocument) => InvoiceDocument, from: Partial<Sketch> = {}) => {
      try {
        return writeUbl(toElectronicInvoice(change(aDocument(from))));
      } catch (error) {
        return (error as Error).message;
      }
    };
    const same = (document: InvoiceDocument) => document;
    expect(refusal(same, { percents: ['5', '9.975'] })).toMatch(/more than one tax/);
    expect(refusal(same, { currency: 'KWD' })).toMatch(/amounts of KWD/);
    const of = (changes: object) => (document: InvoiceDocument) => ({
      ...document,
      invoice: { ...document.invoice, ...changes },
    });
    expect(refusal(of({ number: null }))).toMatch(/no number/);
    expect(refusal(of({ state: 'void' }))).toMatch(/void/);
    expect(refusal(of({ buyer: null }))).toMatch(/the country of the buyer/);
    const nobody = (document: InvoiceDocument) => ({
      ...document,
      seller: { ...document.seller, taxId: null, country: null },
    });
    expect(refusal(nobody)).toMatch(/the country of the seller; the tax number of the seller/);
    const consumer = (document: InvoiceDocument) => of({ buyer: { ...document.invoice.buyer!, taxIds: [] } })(document);
    expect(refusal(consumer, { category: 'reverse_charge', percents: ['0'] })).toMatch(/the VAT number of the buyer/);
  });

  it('and a credit note break the rule of each element that is taken away', () => {
    const lines = [
      { kind: 'usage', amountMinor: 5_000n, quantity: '10' },
      { kind: 'discount', amountMinor: -1_000n, meter: null, description: 'Spring sale: 20% off' },
    ] as const;
    const sketched = aDocument({ lines });
    const byTransfer: InvoiceDocument = {
      ...sketched,
      invoice: { ...sketched.invoice, paymentMethod: 'transfer' },
      seller: {
        ...sketched.seller,
        bankAccount: { iban: 'DE89370400440532013000', bic: 'COBADEFFXXX', referenceText: null },
      },
    };
    const documents = [
      writeUbl(toElectronicInvoice(byTransfer)),
      ...notesOf(sketched, [50]).map((note) => writeUbl(toElectronicCreditNote(note))),
    ];
    const broken = new Set<string>();
    for (const xml of documents) {
      expect(brokenRules(parseXml(xml))).toEqual([]);
      for (const [rule, path] of REQUIRED) {
        const document = parseXml(xml);
        if (!removeAt(document, requiredPath(path, document))) continue;
        expect(brokenRules(document)).toContain(rule);
        broken.add(rule);
      }
    }
    expect(REQUIRED.filter(([rule]) => !broken.has(rule))).toEqual([]);
  });

  it('breaks rules that are checked when its sums are changed', () => {
    const xml = invoiceXml();
    const broken = (from: string, to: string) => brokenRules(parseXml(xml.replace(from, to)));
    expect(broken('>29.00</cbc:LineExtensionAmount>', '>29.01</cbc:LineExtensionAmount>')).toContain('BR-CO-10');
    expect(broken('>37.50</cbc:TaxInclusiveAmount>', '>37.51</cbc:TaxInclusiveAmount>')).toEqual([
      'BR-CO-15',
      'BR-CO-16',
    ]);
    expect(broken('<cbc:Percent>19</cbc:Percent>', '<cbc:Percent>7</cbc:Percent>')).toContain('BR-CO-17');
    expect(broken('  <cbc:ID>TG-000042</cbc:ID>\n', '')).toEqual([
      'BR-02',
      expect.stringContaining('is not its sequence'),
    ]);
  });

  it('is refused where two of its elements change places, wherever they are', () => {
    const document = parseXml(invoiceXml({ appliedMinor: 1_000n }));
    let swapped = 0;
    const swapWithin = (element: XmlElement) => {
      const { children } = element;
      for (let at = 1; at < children.length; at++) {
        if (children[at]!.name === children[at - 1]!.name) continue;
        [children[at - 1], children[at]] = [children[at]!, children[at - 1]!];
        expect(brokenRules(document)).toContainEqual(expect.stringContaining('is not its sequence'));
        [children[at - 1], children[at]] = [children[at]!, children[at - 1]!];
        swapped += 1;
      }
      for (const child of children) swapWithin(child);
    };
    swapWithin(document);
    expect(swapped).toBeGreaterThan(40);
    expect(brokenRules(document)).toEqual([]);
  });
});

/** Takes the first element on a path away; false when there is none. */
function removeAt(from: XmlElement, path: readonly string[]): boolean {
  const [owner] = all(from, ...path.slice(0, -1));
  const at = owner?.children.findIndex(({ name }) => name === path.at(-1)) ?? -1;
  if (at < 0) return false;
  owner!.children.splice(at, 1);
  return true;
}

const chargedKinds = ['fixed_fee', 'setup_fee', 'usage', 'late_usage', 'minimum_commitment'] as const;
const rates: readonly (readonly [TaxCategory, string])[] = [
  ['standard', '19'],
  ['standard', '25.5'],
  ['reduced', '5.5'],
  ['zero', '0'],
  ['exempt', '0'],
  ['reverse_charge', '0'],
  ['outside_scope', '0'],
];

const aRandomSketch: fc.Arbitrary<Partial<Sketch>> = fc
  .record({
    charges: fc.array(
      fc.record({
        kind: fc.constantFrom<InvoiceLineKind>(...chargedKinds),
        amountMinor: fc.bigInt({ min: 0n, max: 10_000_000n }),
        quantity: fc.oneof(
          fc.constant('0'),
          fc.integer({ min: 1, max: 1_000_000_000 }).map((units) => (units / 1000).toString()),
        ),
        meter: fc.constantFrom('requests', 'traffic'),
        description: fc.string({ minLength: 1, unit: 'grapheme' }).filter((text) => text.trim() !== ''),
      }),
      { minLength: 1, maxLength: 8 },
    ),
    back: fc.integer({ min: 0, max: 100 }),
    prepaid: fc.integer({ min: 0, max: 100 }),
    rate: fc.constantFrom(...rates),
    currency: fc.constantFrom('EUR', 'USD', 'JPY'),
    appliedMinor: fc.bigInt({ min: 0n, max: 5_000_000n }),
  })
  .map(({ charges, back, prepaid, rate: [category, percent], ...rest }) => {
    const sum = charges.reduce((total, { amountMinor }) => total + amountMinor, 0n);
    const backMinor = (sum * BigInt(back)) / 200n;
    const offMinor = ((sum - backMinor) * BigInt(prepaid % 20)) / 100n;
    const creditMinor = ((sum - backMinor - offMinor) * BigInt(prepaid)) / 200n;
    return {
      ...rest,
      category,
      percents: [percent],
      lines: [
        ...charges,
        ...(backMinor > 0n ? [{ kind: 'fixed_fee_credit' as const, amountMinor: -backMinor, meter: null }] : []),
        ...(offMinor > 0n ? [{ kind: 'discount' as const, amountMinor: -offMinor, meter: null }] : []),
        ...(creditMinor > 0n ? [{ kind: 'prepaid_credit' as const, amountMinor: -creditMinor, meter: null }] : []),
      ],
    };
  });

/** Credit notes that give back shares of what is left, one after the other. */
function notesOf(document: InvoiceDocument, shares: readonly number[]): CreditNoteDocument[] {
  const { invoice } = document;
  let beforeMinor = 0n;
  return shares.flatMap((share, index) => {
    const creditedMinor = ((invoice.subtotalMinor - beforeMinor) * BigInt(share)) / 100n;
    if (creditedMinor === 0n) return [];
    const taxes = creditedTaxes(invoice.taxes, invoice, { beforeMinor, creditedMinor });
    beforeMinor += creditedMinor;
    const taxMinor = taxes.reduce((sum, tax) => sum + tax.taxMinor, 0n);
    const lines = [{ position: 1, invoiceLineId: 'line-0', description: 'Given back', amountMinor: creditedMinor }];
    const note = {
      number: `TG-CN-00000${index}`,
      issuedAt: new Date('2026-03-05T00:00:00Z'),
      subtotalMinor: creditedMinor,
      taxMinor,
      totalMinor: creditedMinor + taxMinor,
      reason: 'An outage',
    };
    return [{ note, lines, taxes, invoice: document } as unknown as CreditNoteDocument];
  });
}
