import { describe, expect, it } from 'vitest';
import type { CollectInvoiceRequest, ProviderInvoice } from '#domain';
import { invoiceDifferences } from './invoice-differences.js';

const line = { description: 'Calls', periodStartMs: 0, periodEndMs: 1 };
const request: CollectInvoiceRequest = {
  invoiceId: 'inv-1',
  generation: 1,
  number: 'TG-1',
  currency: 'usd',
  providerCustomerId: 'cus_1',
  buyer: null,
  ratingHash: 'hash',
  lines: [
    { ...line, lineId: 'a', amountMinor: 100n },
    { ...line, lineId: 'b', amountMinor: 50n },
    { ...line, lineId: 'zero', amountMinor: 0n },
  ],
  subtotalMinor: 150n,
};
const equal: ProviderInvoice = {
  providerInvoiceId: 'in_1',
  status: 'draft',
  number: 'TG-1',
  currency: 'USD',
  subtotalMinor: 150n,
  totalMinor: 150n,
  totalExcludingTaxMinor: 150n,
  creditedMinor: 0n,
  lines: [
    { lineId: 'b', amountMinor: 50n },
    { lineId: 'a', amountMinor: 100n },
  ],
  payments: [],
  metadata: { rating_hash: 'hash' },
};

describe('invoiceDifferences', () => {
  it('finds none between equal invoices, in any order and without lines of zero', () => {
    expect(invoiceDifferences(request, equal)).toEqual([]);
  });

  it('finds amounts that moved between lines, though the sum is right', () => {
    const lines = [
      { lineId: 'a', amountMinor: 99n },
      { lineId: 'b', amountMinor: 51n },
    ];
    expect(invoiceDifferences(request, { ...equal, lines })).toEqual(['line a is 99, not 100', 'line b is 51, not 50']);
  });

  it('finds a line that came twice in place of another', () => {
    const lines = [
      { lineId: 'a', amountMinor: 100n },
      { lineId: 'a', amountMinor: 50n },
    ];
    expect(invoiceDifferences(request, { ...equal, lines })).toEqual(['line a is not ours', 'line b is missing']);
  });

  it.each([
    [{ currency: 'EUR' }, 'the currency is EUR, not USD'],
    [{ number: null }, 'the number is null, not TG-1'],
    [{ metadata: {} }, 'the rating hash is undefined, not hash'],
    [{ subtotalMinor: 151n }, 'the subtotal is 151, not 150'],
    [{ totalMinor: 120n }, 'the total is 120, not 150'],
    [{ totalExcludingTaxMinor: 126n }, 'the total without tax is 126, not 150'],
  ] satisfies [Partial<ProviderInvoice>, string][])('finds %o', (change, difference) => {
    expect(invoiceDifferences(request, { ...equal, ...change })).toEqual([difference]);
  });

  it('wants the tax that the provider computes to be the one that we have', () => {
    const taxed = { ...request, computedTaxMinor: 29n };
    expect(invoiceDifferences(taxed, { ...equal, totalMinor: 179n })).toEqual([]);
    expect(invoiceDifferences(taxed, { ...equal, totalMinor: 178n })).toEqual(['the total is 178, not 179']);
  });
});
