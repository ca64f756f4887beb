import { expect, it } from 'vitest';
import type { BillabilityRow, PlanTerms } from '../api/types.js';
import { changedSituations, otherThanUsual, usualSituations, withRule } from './billability-terms.js';

const row = (name: BillabilityRow['name'], billable: boolean, quota: boolean, isFixed = false): BillabilityRow => ({
  name,
  record: 'event',
  billable,
  quota,
  isFixed,
  operations: null,
  valueMeters: false,
  factor: '1',
});
const usual = [
  row('success', true, true),
  row('clientError', false, false),
  row('serverError', false, false, true),
  row('cacheHit', true, true),
];
const terms = { currency: 'USD' } as PlanTerms;

it('changes a situation the other way round, and what is billed then uses quotas too', () => {
  expect(otherThanUsual(usual[0]!)).toEqual({ billable: false, quota: true });
  expect(otherThanUsual(usual[1]!)).toEqual({ billable: true, quota: true });
  expect(otherThanUsual(usual[3]!)).toEqual({ factor: '0.5' });
});

it('offers what can change and does not, and says nothing where all is as usual', () => {
  const changed = withRule(terms, 'clientError', { billable: true });
  expect(changedSituations(changed, usual).map(({ usual: { name } }) => name)).toEqual(['clientError']);
  expect(usualSituations(changed, usual).map(({ name }) => name)).toEqual(['success', 'cacheHit']);
  expect(withRule(changed, 'clientError', undefined)).toEqual(terms);
});
