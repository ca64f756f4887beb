import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { burnCredits } from './burn-credits.js';
import { type InvoicedLine, type PayingGrant, creditsPaid, returnedCredits } from './return-credits.js';
import type { ChargedLine } from './usage-charges.js';

const month = (index: number) => new Date(Date.UTC(2026, index, 1));
const grantOf = (id: string, meter: string | null = null): PayingGrant => ({ id, meter, reason: `Grant ${id}` });
const line = (amountMinor: bigint, change: Partial<InvoicedLine> = {}): InvoicedLine => ({
  kind: 'usage',
  meter: 'requests',
  periodStart: month(0),
  amountMinor,
  grant: null,
  ...change,
});
const late = (amountMinor: bigint, change: Partial<InvoicedLine> = {}) =>
  line(amountMinor, { kind: 'late_usage', ...change });
const credit = (amountMinor: bigint, grant: PayingGrant, change: Partial<InvoicedLine> = {}) =>
  line(amountMinor, { kind: 'prepaid_credit', meter: null, grant, ...change });
const back = (lines: readonly ChargedLine[], ...invoices: InvoicedLine[][]) =>
  returnedCredits(lines, creditsPaid(invoices)).map(({ grant, meter, amountMinor }) => [grant.id, meter, amountMinor]);
const [a, b] = [grantOf('a'), grantOf('b')];

describe('returnedCredits', () => {
  it('returns to the grants what they paid of the period and meter, the last that burned first', () => {
    const paid = [line(100n), credit(-60n, a), credit(-30n, b)];
    expect(back([late(-50n)], paid)).toEqual([
      ['b', 'requests', 30n],
      ['a', 'requests', 20n],
    ]);
    expect(back([late(-100n)], paid)).toEqual([
      ['b', 'requests', 30n],
      ['a', 'requests', 60n],
    ]);
    expect(back([late(-50n, { periodStart: month(1) })], paid)).toEqual([]);
    expect(back([late(-50n, { meter: 'tokens' })], paid)).toEqual([]);
    expect(back([late(50n)], paid)).toEqual([]);
  });

  it('returns nothing twice, and what came late and was paid too', () => {
    const invoices = [
      [line(100n), credit(-100n, a)],
      [late(-50n), credit(50n, a, { meter: 'requests' })],
      [late(20n), credit(-20n, b)],
    ];
    expect(back([late(-90n)], ...invoices)).toEqual([
      ['b', 'requests', 20n],
      ['a', 'requests', 50n],
    ]);
  });

  it('counts what a meter adds and gives back of a period together, less what a coupon took off', () => {
    const minimum = { kind: 'minimum_commitment' } as const;
    const paid = [line(10n), line(90n, minimum), credit(-100n, a)];
    expect(back([late(95n), line(-90n, minimum)], paid)).toEqual([]);
    expect(back([late(40n), line(-90n, minimum)], paid)).toEqual([['a', 'requests', 50n]]);
    expect(back([late(-50n), line(10n, { kind: 'discount' })], paid)).toEqual([['a', 'requests', 40n]]);
  });

  it('knows which meter a grant has paid, by the order in which credits burn', () => {
    const paid = [line(30n), line(20n, { meter: 'tokens' }), credit(-20n, grantOf('t', 'tokens')), credit(-30n, a)];
    expect(back([late(-99n), late(-99n, { meter: 'tokens' })], paid)).toEqual([
      ['a', 'requests', 30n],
      ['t', 'tokens', 20n],
    ]);
  });

  it('never returns more than was burned, whatever invoices follow each other', () => {
    const amount = fc.bigInt({ min: -60n, max: 60n });
    const use = fc.record({ month: fc.nat(2), meter: fc.constantFrom('requests', 'tokens'), amountMinor: amount });
    fc.assert(
      fc.property(fc.array(fc.array(use, { maxLength: 4 }), { maxLength: 8 }), (uses) => {
        const grants = [grantOf('t', 'tokens'), a, b];
        const left = new Map(grants.map(({ id }) => [id, 100n]));
        const invoices: InvoicedLine[][] = [];
        for (const used of uses) {
          const charged = used.map(({ month: index, ...of }) =>
            late(of.amountMinor, { ...of, periodStart: month(index) }),
          );
          const returned = returnedCredits(charged, creditsPaid(invoices)).map(
            ({ grant, meter, periodStart, amountMinor }) => credit(amountMinor, grant, { meter, periodStart }),
          );
          for (const { grant, amountMinor } of returned) left.set(grant!.id, left.get(grant!.id)! + amountMinor);
          for (const { id } of grants) expect(left.get(id)).toBeLessThanOrEqual(100n);
          const lines = [...charged, ...returned];
          const { lines: burned, subtotalMinor } = burnCredits({
            currency: 'USD',
            apiProductId: 'weather',
            lines,
            grants: grants.map(({ id, meter }, priority) => ({
              id,
              meter,
              priority,
              currency: 'USD',
              apiProductId: 'weather',
              grantedAtMs: 0,
              expiresAtMs: null,
              amountMinor: 100n,
              burnedMinor: 100n - left.get(id)!,
            })),
            atMs: 1,
          });
          for (const { grantId, amountMinor } of burned) left.set(grantId, left.get(grantId)! + amountMinor);
          const credits = burned.map(({ grantId, amountMinor }) =>
            credit(
              amountMinor,
              grants.find(({ id }) => id === grantId)!,
            ),
          );
          const invoice = [...lines, ...credits];
          expect(invoice.reduce((sum, { amountMinor }) => sum + amountMinor, 0n)).toBe(subtotalMinor);
          invoices.push(invoice);
          // What is placed is all that the grants lack: each part of it can come back, once.
          const parts = [...creditsPaid(invoices).values()].flat();
          for (const { id } of grants)
            expect(
              parts.filter(({ grant }) => grant.id === id).reduce((sum, { amountMinor }) => sum + amountMinor, 0n),
            ).toBe(100n - left.get(id)!);
        }
      }),
    );
  });
});
