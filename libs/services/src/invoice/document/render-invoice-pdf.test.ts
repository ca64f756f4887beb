import type { Invoice, InvoiceLine } from '#domain';
import { describe, expect, it } from 'vitest';
import type { InvoiceDocument } from './invoice-document.js';
import { renderInvoicePdf } from './render-invoice-pdf.js';

const invoice: Invoice & { product: { title: string } } = {
  id: '019c137e-c100-7000-8ad8-3042031910b4',
  organizationId: '019c137e-c100-7000-8ad8-3042031910b5',
  subscriptionId: '019c137e-c100-7000-8ad8-3042031910b6',
  product: { title: 'Atlas Maps' },
  periodStart: new Date('2026-01-31T10:00:00Z'),
  periodEnd: new Date('2026-02-28T10:00:00Z'),
  kind: 'period',
  state: 'issued',
  sellerSlug: 'default',
  seller: { name: 'Tollgate', addressLines: [], taxId: null, country: null },
  buyer: null,
  taxTreatment: null,
  number: 'TG-000042',
  currency: 'USD',
  subtotalMinor: 162_350n,
  taxMinor: 0n,
  totalMinor: 162_350n,
  excessCreditMinor: 0n,
  excessTaxMinor: 0n,
  balanceAppliedMinor: 0n,
  creditedMinor: 0n,
  paidMinor: 0n,
  chargedBackMinor: 0n,
  ratingHash: '',
  generation: 1,
  attempt: 1,
  providerInvoiceId: null,
  hostedUrl: null,
  hostedPdfUrl: null,
  failureCode: null,
  failureMessage: null,
  failedAt: null,
  paymentMethod: 'card',
  netDays: 0,
  dueAt: new Date('2026-02-28T11:00:00Z'),
  pastDueSince: null,
  createdAt: new Date('2026-02-28T11:00:00Z'),
  reviewEndsAt: null,
  issuedAt: new Date('2026-02-28T11:00:00Z'),
  paidAt: null,
  voidReason: null,
  askedAt: null,
  carriedAt: null,
  joinsInvoiceId: null,
  joinedMinor: null,
  carriedInMinor: 0n,
  replacesInvoiceId: null,
};

function aLine(position: number, overrides: Partial<InvoiceLine> = {}): InvoiceLine {
  return {
    id: `line-${position}`,
    organizationId: invoice.organizationId,
    invoiceId: invoice.id,
    position,
    kind: 'usage',
    subscriptionId: invoice.subscriptionId,
    periodStart: invoice.periodStart,
    phaseId: 'phase',
    planVersionId: 'plan-version',
    meter: 'requests',
    description: '',
    quantity: '1600',
    unroundedAmount: '15',
    amountMinor: 1500n,
    breakdown: [
      { from: '0', upTo: '1000', units: '1000', unitAmount: '0.01', flatAmount: '0', amount: '10' },
      { from: '1000', upTo: null, units: '500', unitAmount: '0.005', flatAmount: '2.5', amount: '5' },
    ],
    inputHash: '',
    creditGrantId: null,
    serviceStart: null,
    serviceEnd: null,
    ...overrides,
  };
}

function aDocument(overrides: Partial<InvoiceDocument> = {}): InvoiceDocument {
  return {
    invoice: {
      ...invoice,
      lines: [aLine(1)],
      taxes: [],
      payments: [],
      creditNotes: [],
      refunds: [],
      carriedInvoices: [],
      collectedWith: null,
    },
    billTo: { name: 'Ada Ltd', email: 'billing@ada.test', details: [] },
    seller: {
      name: 'Tollgate Demo GmbH',
      addressLines: ['Unter den Linden 1', '10117 Berlin'],
      taxId: 'DE123456789',
      country: 'DE',
    },
    plans: [{ planVersionId: 'plan-version', title: 'Pro', versionNumber: 2 }],
    meters: [{ slug: 'requests', title: 'Requests', unit: 'request' }],
    renderedAt: new Date('2026-03-01T00:00:00Z'),
    ...overrides,
  };
}

const pagesOf = (pdf: Buffer) => pdf.toString('latin1').match(/\/Type \/Page\b/g)?.length;

describe('an invoice as a PDF', () => {
  it('is a PDF of one page whose dates are those of the clock', async () => {
    const pdf = await renderInvoicePdf(aDocument());
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    expect(pagesOf(pdf)).toBe(1);
    expect(pdf.toString('latin1').match(/D:\d+Z/g)).toEqual(['D:20260301000000Z', 'D:20260301000000Z']);
  });

  it('is the same, byte for byte, for the same document', async () => {
    expect(await renderInvoicePdf(aDocument())).toEqual(await renderInvoicePdf(aDocument()));
    const abroad = aDocument({ billTo: { name: 'Ελλάδα ΑΕ', email: null, details: [] } });
    expect(await renderInvoicePdf(abroad)).toEqual(await renderInvoicePdf(abroad));
  });

  it('adds a page only when the lines need one, and none for the totals or the foot alone', async () => {
    let pages = 1;
    for (let count = 0; count <= 40; count++) {
      const lines = Array.from({ length: count }, (_, index) => aLine(index + 1));
      const pdf = await renderInvoicePdf(
        aDocument({
          invoice: {
            ...invoice,
            lines,
            taxes: [],
            payments: [],
            creditNotes: [],
            refunds: [],
            carriedInvoices: [],
            collectedWith: null,
          },
        }),
      );
      const needed = pagesOf(pdf)!;
      expect([pages, pages + 1], `${count} lines`).toContain(needed);
      pages = needed;
    }
    expect(pages).toBe(6);
  });

  it.each([
    ['Chinese', '株式会社サンプル'],
    ['Arabic', 'شركة المثال'],
    ['an emoji', '🚀 Rockets'],
    ['a lone surrogate', 'Ada \ud800 Ltd'],
    ['markup and controls', '<b>\u0000(A)\\ \u202e%PDF</b>'],
    ['one word of 120 letters', 'W'.repeat(120)],
    ['nothing', ''],
  ])('is drawn for a name that is %s', async (_, name) => {
    const pdf = await renderInvoicePdf(
      aDocument({
        billTo: { name, email: null, details: [] },
        seller: { ...aDocument().seller, name, addressLines: [name], taxId: null },
      }),
    );
    expect(pagesOf(pdf)).toBe(1);
  });

  it.each(['draft', 'review', 'locked', 'issued', 'paid', 'past_due', 'void'] as const)(
    'is drawn in the state %s',
    async (state) => {
      const paidAt = state === 'paid' ? invoice.issuedAt : null;
      const document = aDocument({
        invoice: {
          ...invoice,
          state,
          paidAt,
          hostedUrl: 'https://pay.test/1',
          lines: [],
          taxes: [],
          payments: [],
          creditNotes: [],
          refunds: [],
          carriedInvoices: [],
          collectedWith: null,
        },
      });
      expect(pagesOf(await renderInvoicePdf(document))).toBe(1);
    },
  );
});
