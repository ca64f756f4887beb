import Big from 'big.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sumInvoice, type SumDiscount, type SumLine, type SumTaxRate } from './invoice-sums.js';

const rate = (id: string, percentage: number, inclusive = false): SumTaxRate => ({ id, percentage, inclusive });
const percent = (id: string, percentOff: number): SumDiscount => ({ id, percentOff, amountOff: null });
const off = (id: string, amountOff: number): SumDiscount => ({ id, percentOff: null, amountOff });
const line = (amount: number, more: Partial<SumLine> = {}): SumLine => ({
  amount,
  discountable: true,
  discounts: [],
  credits: [],
  taxRates: [],
  ...more,
});

describe('the sums of an invoice', () => {
  it.each([
    ['an exclusive rate', [line(1000, { taxRates: [rate('a', 7.7)] })], [], [1000, 1000, 1077, 1000]],
    ['an inclusive rate', [line(1077, { taxRates: [rate('a', 7.7, true)] })], [], [1077, 1000, 1077, 1000]],
    ['a rate rounded once', [1, 2, 3].map(() => line(5, { taxRates: [rate('a', 10)] })), [], [15, 15, 17, 15]],
    ['a percentage', [line(999)], [percent('d', 25)], [999, 999, 749, 749]],
    ['an amount', [line(300), line(100)], [off('d', 50)], [400, 400, 350, 350]],
    ['no more than there is', [line(300)], [off('d', 500), off('e', 5)], [300, 300, 0, 0]],
    ['one after the other', [line(1000)], [percent('d', 50), percent('e', 50)], [1000, 1000, 250, 250]],
    [
      'off a line alone, within the subtotal',
      [line(1000, { discounts: [off('d', 100)] }), line(50)],
      [],
      [950, 950, 950, 950],
    ],
    [
      'nothing off what is not discountable',
      [line(1000, { discountable: false })],
      [percent('d', 50)],
      [1000, 1000, 1000, 1000],
    ],
    ['tax on what is left', [line(1000, { taxRates: [rate('a', 20)] })], [percent('d', 10)], [1000, 1000, 1080, 900]],
    [
      'credits before tax',
      [line(1000, { credits: [{ id: 'c', amount: 400 }], taxRates: [rate('a', 20)] })],
      [],
      [1000, 1000, 720, 600],
    ],
    ['tax given back', [line(-500, { taxRates: [rate('a', 20)] }), line(200)], [], [-300, -300, -400, -300]],
    [
      'both kinds of rates',
      [line(1100, { taxRates: [rate('a', 10, true), rate('b', 5)] })],
      [],
      [1100, 1000, 1150, 1000],
    ],
  ] as const)('take %s', (_name, lines, discounts, [subtotal, subtotalExcludingTax, total, totalExcludingTax]) => {
    expect(sumInvoice(lines, discounts, false)).toMatchObject({
      subtotal,
      subtotalExcludingTax,
      total,
      totalExcludingTax,
    });
  });

  it('have no tax where the customer is exempt', () => {
    const sums = sumInvoice([line(1000, { taxRates: [rate('a', 20), rate('b', 5, true)] })], [], true);
    expect(sums).toMatchObject({
      total: 1000,
      totalExcludingTax: 1000,
      lines: [{ taxes: [{ amount: 0 }, { amount: 0 }] }],
    });
  });

  const rates = [rate('a', 7.7), rate('b', 19), rate('c', 8.8758, true), rate('d', 2.5, true), rate('e', 0)];
  const someDiscounts = fc.array(
    fc.oneof(
      fc.integer({ min: 0, max: 1_000_000 }).map((each) => percent('', each / 10_000)),
      fc.integer({ min: 1, max: 100_000 }).map((each) => off('', each)),
    ),
    { maxLength: 3 },
  );
  const named = (discounts: readonly SumDiscount[], prefix: string): SumDiscount[] =>
    discounts.map((each, index) => ({ ...each, id: `${prefix}${index}` }));
  const someLines = fc.array(
    fc.record({
      amount: fc.integer({ min: -200_000, max: 1_000_000 }),
      discountable: fc.boolean(),
      discounts: someDiscounts,
      credits: fc.constant([]),
      taxRates: fc.uniqueArray(fc.constantFrom(...rates), { selector: ({ id }) => id }),
    }),
    { minLength: 1, maxLength: 12 },
  );

  it('agree with exact arithmetic to half a minor unit for each rate, and their parts add up', () => {
    fc.assert(
      fc.property(someLines, someDiscounts, (drawn, off_) => {
        const lines = drawn.map((each, index) => ({ ...each, discounts: named(each.discounts, `l${index}.`) }));
        const discounts = named(off_, 'i');
        const sums = sumInvoice(lines, discounts, false);
        const taken = sums.lines.map((each) => each.discounts.reduce((sum, { amount }) => sum + amount, 0));
        for (const [index, each] of lines.entries()) {
          expect(taken[index]).toBeGreaterThanOrEqual(0);
          expect(taken[index]).toBeLessThanOrEqual(each.discountable ? Math.max(0, each.amount) : 0);
        }
        let exclusive = 0;
        let inclusive = 0;
        for (const each of rates) {
          const told = sums.lines.flatMap(({ taxes }) => taxes.filter((tax) => tax.rate.id === each.id));
          const amount = told.reduce((sum, tax) => sum + tax.amount, 0);
          const exact = lines.reduce((sum, own, index) => {
            if (!own.taxRates.some(({ id }) => id === each.id)) return sum;
            const within = own.taxRates
              .filter((other) => other.inclusive)
              .reduce((all, other) => all.plus(other.percentage), Big(0));
            return sum.plus(
              Big(own.amount - taken[index]!)
                .times(each.percentage)
                .div(within.plus(100)),
            );
          }, Big(0));
          expect(Number(exact.minus(amount).abs())).toBeLessThanOrEqual(0.5 + 1e-9);
          if (each.inclusive) inclusive += amount;
          else exclusive += amount;
        }
        const net = lines.reduce((sum, { amount }, index) => sum + amount - taken[index]!, 0);
        expect(sums.total).toBe(net + exclusive);
        expect(sums.totalExcludingTax).toBe(net - inclusive);
        const own = sums.lines.flatMap((each) => each.discounts.filter(({ id }) => id.startsWith('l')));
        const amounts = lines.reduce((sum, { amount }) => sum + amount, 0);
        expect(sums.subtotal).toBe(amounts - own.reduce((sum, { amount }) => sum + amount, 0));
      }),
      { numRuns: 100 },
    );
  });

  it('take a percentage of the invoice rounded once, and an amount to the last unit', () => {
    const amounts = fc.array(fc.integer({ min: 0, max: 1_000_000 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(amounts, fc.integer({ min: 0, max: 1_000_000 }), fc.nat(3_000_000), (each, percentOff, amountOff) => {
        const lines = each.map((amount) => line(amount));
        const sum = each.reduce((all, amount) => all + amount, 0);
        const byPercent = sumInvoice(lines, [percent('d', percentOff / 10_000)], false);
        expect(sum - byPercent.total).toBe(Number(Big(sum).times(percentOff).div(1_000_000).round(0, Big.roundHalfUp)));
        expect(sumInvoice(lines, [off('d', amountOff)], false).total).toBe(Math.max(0, sum - amountOff));
      }),
    );
  });
});
