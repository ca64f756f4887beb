import { describe, expect, it } from 'vitest';
import type { InvoiceLine, InvoiceTax } from '#domain';
import { providerLines } from './provider-lines.js';

type OwnLine = Pick<InvoiceLine, 'id' | 'kind' | 'meter' | 'description' | 'amountMinor'>;

const tax = { position: 1, category: 'standard', name: 'VAT', percent: '19', taxMinor: 19n } as InvoiceTax;

function anInvoice(lines: readonly OwnLine[], balanceAppliedMinor = 0n) {
  const totalMinor = lines.reduce((sum, { amountMinor }) => sum + amountMinor, tax.taxMinor);
  return {
    id: 'inv',
    number: 'TG-1',
    totalMinor,
    balanceAppliedMinor,
    carriedAt: null,
    carriedInMinor: 0n,
    taxTreatment: null,
  };
}

const usage = (index: number, meter: string, amountMinor = 1n): OwnLine => ({
  id: `line-${index}`,
  kind: 'late_usage',
  meter,
  description: `Late ${meter}`,
  amountMinor,
});
const fee: OwnLine = { id: 'fee', kind: 'fixed_fee', meter: null, description: 'Base fee', amountMinor: 4900n };

describe('the lines that the provider is given', () => {
  it('are ours, each tax, and what is paid of the balance', () => {
    const lines = [fee, usage(1, 'calls')];
    expect(
      providerLines(anInvoice(lines, 100n), lines, [tax]).map(({ lineId, amountMinor }) => [lineId, amountMinor]),
    ).toEqual([
      ['fee', 4900n],
      ['line-1', 1n],
      ['inv-tax-1', 19n],
      ['inv-balance', -100n],
    ]);
  });

  it('are 240 as they are, where lines over nothing do not count', () => {
    const lines = Array.from({ length: 238 }, (_, index) => usage(index, 'calls'));
    const nothing = Array.from({ length: 9 }, (_, index) => usage(1000 + index, 'calls', 0n));
    const all = [...lines, ...nothing, fee];
    expect(providerLines(anInvoice(all), all, [tax])).toHaveLength(all.length + 1);
    const more = [...all, usage(2000, 'calls')];
    expect(providerLines(anInvoice(more), more, [tax])).toHaveLength(3);
  });

  it('are one of each kind and meter where they would be more, and come to the same sum', () => {
    const lines = Array.from({ length: 400 }, (_, index) =>
      usage(index, index % 2 === 0 ? 'calls' : 'bytes', BigInt(index)),
    );
    const all = [fee, ...lines];
    const invoice = anInvoice(all);
    const given = providerLines(invoice, all, [tax]);
    expect(given).toEqual([
      { lineId: 'fee', description: 'Base fee', amountMinor: 4900n },
      {
        lineId: 'inv-late_usage-bytes',
        description: '200 lines of late usage of bytes: see invoice TG-1',
        amountMinor: 40_000n,
      },
      {
        lineId: 'inv-late_usage-calls',
        description: '199 lines of late usage of calls: see invoice TG-1',
        amountMinor: 39_800n,
      },
      { lineId: 'inv-tax-1', description: 'VAT 19 %', amountMinor: 19n },
    ]);
    expect(given.reduce((sum, { amountMinor }) => sum + amountMinor, 0n)).toBe(invoice.totalMinor);
  });

  it('have no tax and nothing below zero where the provider computes the tax, and come to the same sum', () => {
    const credit: OwnLine = { ...fee, id: 'credit', kind: 'prepaid_credit', description: 'Credits', amountMinor: -30n };
    const lines = [
      usage(1, 'calls', 10n),
      fee,
      { ...credit, id: 'off', amountMinor: -4895n },
      usage(2, 'calls', 40n),
      credit,
    ];
    const taxTreatment = { category: 'standard', note: null, explanation: '', source: 'provider' } as const;
    const invoice = { ...anInvoice(lines), taxTreatment, carriedInMinor: 7n };
    expect(providerLines(invoice, lines, [tax], ['TG-0'])).toEqual([
      { lineId: 'line-1', description: 'Late calls', amountMinor: 10n },
      { lineId: 'fee', description: 'Base fee, after discounts and credits', amountMinor: 5n },
      { lineId: 'off', description: 'Credits, after discounts and credits', amountMinor: 0n },
      { lineId: 'line-2', description: 'Late calls, after discounts and credits', amountMinor: 10n },
      { lineId: 'credit', description: 'Credits, after discounts and credits', amountMinor: 0n },
      { lineId: 'inv-carried', description: 'Carried from TG-0', amountMinor: 7n, isTaxed: false },
    ]);
  });

  it('are the same before others are collected with them and after, where the provider computes the tax', () => {
    const taxTreatment = { category: 'standard', note: null, explanation: '', source: 'provider' } as const;
    const lines = Array.from({ length: 240 }, (_, index) => usage(index, 'calls'));
    const before = { ...anInvoice(lines), taxTreatment };
    const own = providerLines(before, lines, []);
    expect(providerLines({ ...before, carriedInMinor: 7n }, lines, []).slice(0, own.length)).toEqual(own);
  });
});
