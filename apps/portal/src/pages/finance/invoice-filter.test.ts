import { expect, it } from 'vitest';
import { invoiceFilterOf } from './invoice-filter.js';

it('includes the whole of the last day', () => {
  expect(invoiceFilterOf({ state: 'paid', from: '2026-11-01', to: '2026-11-30' })).toEqual({
    state: 'paid',
    from: '2026-11-01T00:00:00.000Z',
    to: '2026-12-01T00:00:00.000Z',
  });
});

it('looks for what is typed, without the space around it', () => {
  expect(invoiceFilterOf({ q: ' AT-000123 ' })).toEqual({ search: 'AT-000123' });
  expect(invoiceFilterOf({ q: ' ' })).toEqual({});
});

it('leaves out what is not a day', () => {
  expect(invoiceFilterOf({ from: 'yesterday', to: '' })).toEqual({});
});
