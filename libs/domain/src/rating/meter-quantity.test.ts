import { describe, expect, it } from 'vitest';
import { meterQuantity } from './meter-quantity.js';

const priceOf = (meter: string, included: string) => ({
  meter,
  included,
  price: { model: 'per_unit' as const, unitAmount: '1' },
});

describe('meterQuantity', () => {
  it.each([
    ['0', '0', '0', '0'],
    ['50', '100', '50', '0'],
    ['100', '100', '100', '0'],
    ['100.5', '100', '100', '0.5'],
    ['150', '100', '100', '50'],
    ['150', '0', '0', '150'],
  ])('of %s used units with %s included, includes %s and bills %s', (used, allowance, included, billable) => {
    const quantity = meterQuantity(priceOf('requests', allowance), { requests: used });
    expect(quantity.quantity.toFixed()).toBe(used);
    expect(quantity.included.toFixed()).toBe(included);
    expect(quantity.billable.toFixed()).toBe(billable);
  });

  it('takes a meter that is not named as unused, even one named like an inherited property', () => {
    for (const meter of ['requests', 'constructor', 'toString', '__proto__']) {
      expect(meterQuantity(priceOf(meter, '5'), {}).quantity.toFixed()).toBe('0');
    }
  });

  it('names the meter whose usage is no decimal', () => {
    expect(() => meterQuantity(priceOf('requests', '0'), { requests: '-1' })).toThrow(/usage of requests/);
  });
});
