import { describe, expect, it } from 'vitest';
import type { InvoiceLineKind } from '../invoice/invoice.js';
import { creditLines } from './credit-lines.js';

const line = (id: string, amountMinor: bigint, creditedMinor = 0n, kind: InvoiceLineKind = 'usage') => ({
  id,
  kind,
  description: `Line ${id}`,
  amountMinor,
  creditedMinor,
});
const lines = [line('a', 500n), line('b', 200n, 150n), line('c', -100n), line('d', 0n)];
const amountsOf = (asked: Parameters<typeof creditLines>[2], leftMinor = 450n) =>
  creditLines(lines, leftMinor, asked).map(({ invoiceLineId, amountMinor }) => [invoiceLineId, amountMinor]);

describe('the lines of a credit note', () => {
  it('are all that is left of every line, those over nothing left out', () => {
    expect(amountsOf(null)).toEqual([
      ['a', 500n],
      ['b', 50n],
      ['c', -100n],
    ]);
  });

  it('are a part of a line, or the rest of it', () => {
    expect(amountsOf([{ lineId: 'a', amountMinor: 1n }])).toEqual([['a', 1n]]);
    expect(amountsOf([{ lineId: 'b', amountMinor: null }])).toEqual([['b', 50n]]);
  });

  it('are never what went back to prepaid credits by itself, which nobody has paid', () => {
    const returned = [line('fee', 100n), line('late', -50n, 0n, 'late_usage'), line('back', 50n, 0n, 'prepaid_credit')];
    expect(() => creditLines(returned, 100n, [{ lineId: 'back', amountMinor: 1n }])).toThrow('expected 1 to 0');
    expect(creditLines(returned, 100n, null)).toMatchObject([
      { amountMinor: 100n },
      { amountMinor: -50n },
      { amountMinor: 50n },
    ]);
  });

  it.each([
    ['more than is left of a line', [{ lineId: 'b', amountMinor: 51n }], 'lines[0].amountMinor: expected 1 to 50'],
    ['nothing of a line', [{ lineId: 'a', amountMinor: 0n }], 'lines[0].amountMinor'],
    ['a part of a credit', [{ lineId: 'c', amountMinor: 1n }], 'expected 1 to 0'],
    ['a line of another invoice', [{ lineId: 'x', amountMinor: 1n }], 'lines[0].lineId'],
    [
      'a line twice',
      [
        { lineId: 'a', amountMinor: 1n },
        { lineId: 'a', amountMinor: 1n },
      ],
      'lines[1].lineId',
    ],
    ['more than is left of the invoice', [{ lineId: 'a', amountMinor: 500n }], 'together more than 450'],
    ['lines over nothing', [{ lineId: 'd', amountMinor: null }], 'nothing is left'],
    ['no lines', [], 'nothing is left'],
  ])('are never %s', (_, asked, message) => {
    expect(() => amountsOf(asked)).toThrow(message);
  });

  it('give back of a line what was paid after its coupon, and no discount by itself', () => {
    const off = (credited = 0n) => [line('fee', 500n, credited), line('off', -400n, 0n, 'discount'), line('e', 900n)];
    const of = (asked: Parameters<typeof creditLines>[2], credited?: bigint) =>
      creditLines(off(credited), 1_000n, asked).map(({ invoiceLineId, amountMinor }) => [invoiceLineId, amountMinor]);
    expect(of([{ lineId: 'fee', amountMinor: null }])).toEqual([['fee', 100n]]);
    expect(() => of([{ lineId: 'fee', amountMinor: 101n }])).toThrow('expected 1 to 100');
    expect(() => of([{ lineId: 'fee', amountMinor: 1n }], 100n)).toThrow('expected 1 to 0');
    expect(() => of([{ lineId: 'off', amountMinor: null }])).toThrow('nothing is left');
    // What is left of all of it is the other line.
    expect(of(null, 100n)).toEqual([
      ['fee', 400n],
      ['off', -400n],
      ['e', 900n],
    ]);
  });
});
