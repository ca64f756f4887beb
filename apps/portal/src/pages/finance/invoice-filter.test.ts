import { expect, it } from 'vitest';
import { invoiceFilterOf } from './invoice-filter.js';

it('includes the whole of the last day', () => {
  expect(invoiceFilterOf({ state: 'paid', from: '2026-11-01', to: '2026-11-30' })).toEqual({
    state: 'paid',
    from: '2026-11-01T00:00:00.000Z',
    to: '2026-12-01T00:00:00.000Z',
  });
});

it('leaves out what is not a day', () => {
  expect(invoiceFilterOf({ from: 'yesterday', to: '' })).toEqual({});
});
