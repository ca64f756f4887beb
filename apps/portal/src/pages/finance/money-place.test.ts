import { describe, expect, it } from 'vitest';
import type { Product } from '../../api/types.js';
import { currenciesInUse, firstSeller } from './money-place.js';

const money = (currency: string) => ({ amountMinor: '0', currency, formatted: '' });
const planIn = (currency: string) => ({ version: { definition: { currency } } }) as Product['plans'][number];

describe('where money by hand goes', () => {
  it('is the seller of the invoice, whichever others there are', () => {
    expect(firstSeller([{ slug: 'default' }, { slug: 'berlin' }], 'berlin')).toBe('berlin');
    expect(firstSeller([], 'berlin')).toBe('berlin');
  });

  it('is the only seller without an invoice, and must be chosen among several', () => {
    expect(firstSeller([{ slug: 'default' }], undefined)).toBe('default');
    expect(firstSeller([{ slug: 'default' }, { slug: 'berlin' }], undefined)).toBeNull();
    expect(firstSeller([], undefined)).toBeNull();
  });

  it('is in a currency of its invoices first, then of its balances, then of what is offered', () => {
    const found = {
      invoices: [{ total: money('EUR') }, { total: money('EUR') }],
      balances: [{ amount: money('JPY') }],
      products: [{ plans: [planIn('USD'), planIn('EUR')] }],
    };
    expect(currenciesInUse(found)).toEqual(['EUR', 'JPY', 'USD']);
    expect(currenciesInUse({ ...found, invoices: undefined, balances: undefined })).toEqual(['USD', 'EUR']);
    expect(currenciesInUse({ invoices: undefined, balances: undefined, products: undefined })).toEqual([]);
  });
});
