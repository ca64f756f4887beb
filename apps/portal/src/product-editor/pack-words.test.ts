import { describe, expect, it } from 'vitest';
import { kindOfPack, newPack, withDays, withKind } from './pack-words.js';

const small = { slug: 'small', title: 'Small', currency: 'USD', price: '10', credits: '12' };

describe('a pack of credits that is edited', () => {
  it('begins in the currency of the others, with a short name that none has', () => {
    expect(newPack([])).toMatchObject({ slug: 'pack-1', currency: 'EUR' });
    expect(newPack([small, { ...small, slug: 'pack-3' }])).toMatchObject({ slug: 'pack-4', currency: 'USD' });
  });

  it('has a price and what it grants, or the bounds of what its buyer chooses, and never both', () => {
    const chosen = withKind({ ...small, validDays: 30 }, 'chosen');
    expect(chosen).toEqual({ slug: 'small', title: 'Small', currency: 'USD', minimum: '', maximum: '', validDays: 30 });
    expect([kindOfPack(small), kindOfPack(chosen)]).toEqual(['fixed', 'chosen']);
    expect(withKind(chosen, 'fixed')).toEqual({ ...small, price: '', credits: '', validDays: 30 });
    expect(withKind(small, 'fixed')).toEqual(small);
  });

  it('ends some days after its payment, or never', () => {
    expect(withDays(withDays(small, 90), undefined)).toEqual(small);
    expect(withDays(small, 90)).toEqual({ ...small, validDays: 90 });
  });
});
