import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exclusiveTaxMinor } from './exclusive-tax.js';
import { creditedTaxes, invoiceTaxes, sumOfTaxes, taxLabel } from './invoice-tax.js';

const treatment = (...percents: readonly string[]) => ({
  category: 'standard' as const,
  rates: percents.map((percent) => ({ name: 'VAT', percent, country: 'DE', region: null })),
});
/** Per cent with four places, as a rate has it. */
const percents = fc
  .integer({ min: 1, max: 1_000_000 })
  .map((units) => `${Math.floor(units / 10_000)}.${String(units % 10_000).padStart(4, '0')}`);
const currencies = fc.constantFrom('EUR', 'JPY', 'KWD');
const stepOf = (currency: string) => (currency === 'KWD' ? 10n : 1n);

describe('the taxes of an invoice', () => {
  it.each([
    ['half a cent goes up', '5', 10n, 'EUR', 1n],
    ['less than half goes down', '4.9999', 10n, 'EUR', 0n],
    ['four places count', '9.9754', 1_000_000n, 'EUR', 99_754n],
    ['more than a JavaScript number holds', '19', 9_007_199_254_740_993_000n, 'EUR', 1_711_367_858_400_788_670n],
    ['a currency without minor units', '10', 105n, 'JPY', 11n],
    ['a currency that is collected in tens', '19', 1_000n, 'KWD', 190n],
    ['half of ten goes up', '19', 500n, 'KWD', 100n],
    ['nothing', '19', 0n, 'EUR', 0n],
  ])('are rounded once: %s', (_, percent, subtotalMinor, currency, taxMinor) => {
    expect(invoiceTaxes(treatment(percent), subtotalMinor, currency)).toEqual([
      {
        position: 1,
        category: 'standard',
        name: 'VAT',
        percent,
        country: 'DE',
        region: null,
        taxableMinor: subtotalMinor,
        taxMinor,
      },
    ]);
  });

  it('are one for each rate, each on the whole sum', () => {
    const taxes = invoiceTaxes(treatment('5', '9.975'), 10_050n, 'CAD');
    expect(taxes.map(({ position, taxMinor }) => [position, taxMinor])).toEqual([
      [1, 503n],
      [2, 1002n],
    ]);
    expect(sumOfTaxes(taxes)).toBe(1505n);
  });

  it('are no more than half a step away from the exact tax, and a whole number of steps', () => {
    fc.assert(
      fc.property(percents, fc.bigInt(0n, 10n ** 15n), currencies, (percent, subtotalMinor, currency) => {
        const [{ taxMinor } = { taxMinor: -1n }] = invoiceTaxes(treatment(percent), subtotalMinor, currency);
        const step = stepOf(currency);
        const exact = subtotalMinor * BigInt(percent.replace('.', ''));
        const off = taxMinor * 1_000_000n - exact;
        expect(taxMinor % step).toBe(0n);
        expect((off < 0n ? -off : off) * 2n).toBeLessThanOrEqual(step * 1_000_000n);
      }),
    );
  });

  it('of what is given back are those of what is charged, with the other sign', () => {
    fc.assert(
      fc.property(percents, fc.bigInt(0n, 10n ** 15n), (percent, minor) => {
        expect(exclusiveTaxMinor([-minor], percent)).toBe(-exclusiveTaxMinor([minor], percent));
      }),
    );
  });

  it('are called what documents say', () => {
    const label = (category: Parameters<typeof taxLabel>[0]['category'], percent = '0') =>
      taxLabel({ category, name: 'VAT', percent });
    expect([label('standard', '19'), label('reverse_charge'), label('exempt'), label('outside_scope')]).toEqual([
      'VAT 19 %',
      'VAT, reverse charge',
      'VAT, exempt',
      'Tax',
    ]);
  });
});

describe('the taxes that credit notes give back', () => {
  const taxes = invoiceTaxes(treatment('19', '7.7'), 10_001n, 'EUR');
  const invoice = { subtotalMinor: 10_001n, currency: 'EUR' };

  it('are all of them with all of the lines', () => {
    const credited = creditedTaxes(taxes, invoice, { beforeMinor: 0n, creditedMinor: 10_001n });
    expect(credited).toEqual(taxes);
  });

  it('are a share of them, and with the last part the exact rest', () => {
    const first = creditedTaxes(taxes, invoice, { beforeMinor: 0n, creditedMinor: 3_333n });
    const rest = creditedTaxes(taxes, invoice, { beforeMinor: 3_333n, creditedMinor: 6_668n });
    expect(first.map(({ taxableMinor, taxMinor }) => [taxableMinor, taxMinor])).toEqual([
      [3_333n, 633n],
      [3_333n, 257n],
    ]);
    expect(sumOfTaxes(first) + sumOfTaxes(rest)).toBe(sumOfTaxes(taxes));
  });

  it('add up to those of the invoice whatever its parts are, and none is below zero', () => {
    const parts = fc.array(fc.bigInt(1n, 10n ** 9n), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(parts, percents, currencies, (amounts, percent, currency) => {
        const credits = amounts.map((amount) => amount * stepOf(currency));
        const subtotalMinor = credits.reduce((sum, amount) => sum + amount, 0n);
        const charged = invoiceTaxes(treatment(percent), subtotalMinor, currency);
        let beforeMinor = 0n;
        let given = 0n;
        for (const creditedMinor of credits) {
          const back = creditedTaxes(charged, { subtotalMinor, currency }, { beforeMinor, creditedMinor });
          expect(sumOfTaxes(back)).toBeGreaterThanOrEqual(0n);
          expect(sumOfTaxes(back) % stepOf(currency)).toBe(0n);
          beforeMinor += creditedMinor;
          given += sumOfTaxes(back);
        }
        expect(given).toBe(sumOfTaxes(charged));
      }),
    );
  });
});
