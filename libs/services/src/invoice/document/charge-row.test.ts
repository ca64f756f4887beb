import type { TierCharge } from '#domain';
import { describe, expect, it } from 'vitest';
import { chargeRow } from './charge-row.js';

const row = (change: Partial<TierCharge>) =>
  Object.values(
    chargeRow({ from: '0', upTo: null, units: '0', unitAmount: '0', flatAmount: '0', amount: '0', ...change }, 'USD'),
  );

describe('a row below a line of the document', () => {
  it.each<[Partial<TierCharge>, string[]]>([
    [{ upTo: '10', units: '10', unitAmount: '2', amount: '20' }, ['First 10', '10', '× $2.00', '', '$20.00']],
    [{ basis: 'included', units: '5' }, ['Included in the plan', '5', 'free', '', '$0.00']],
    [
      { basis: 'package', units: '121', converted: '13', unitAmount: '1.5', amount: '19.5' },
      ['Packages', '121', '13 × $1.50', '', '$19.50'],
    ],
    [
      { basis: 'percentage', units: '500', unitAmount: '0.029', amount: '14.5' },
      ['Of the value', '500', '× 2.9 %', '', '$14.50'],
    ],
    [
      { basis: 'percentage', from: '1000', upTo: '5000', units: '500', unitAmount: '0.029', amount: '14.5' },
      ['$1,000.00 to $5,000.00', '500', '× 2.9 %', '', '$14.50'],
    ],
    [{ basis: 'event', units: '3', unitAmount: '0.3', amount: '0.9' }, ['Calls', '3', '× $0.30', '', '$0.90']],
    [{ basis: 'conversion', units: '2400', converted: '3' }, ['Counted as', '2,400', '= 3 priced', '', '$0.00']],
    [{ basis: 'discount', amount: '-12.345' }, ['Discount', '', '', '', '-$12.345']],
  ])('%j', (change, cells) => {
    expect(row(change)).toEqual(cells);
  });
});
