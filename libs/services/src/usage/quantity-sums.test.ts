import type { UsageEvent } from '#domain';
import { describe, expect, it } from 'vitest';
import { sumQuantities } from './quantity-sums.js';

const events = (...quantities: Record<string, string>[]) =>
  quantities.map((one) => ({ quantities: one }) as unknown as UsageEvent);

describe('sumQuantities', () => {
  it('is exact for whole numbers and fractions beyond what a number holds', () => {
    const sums = sumQuantities(
      events(
        { requests: '999999999', tokens: '0.1' },
        { requests: '9007199254740993' },
        { requests: '1', tokens: '0.2' },
      ),
    );
    expect(sums).toEqual({ requests: '9007200254740993', tokens: '0.3' });
  });

  it('is empty without events', () => {
    expect(sumQuantities([])).toEqual({});
  });
});
