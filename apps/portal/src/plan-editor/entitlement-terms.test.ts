import { expect, it } from 'vitest';
import type { PlanTerms } from '../api/types.js';
import {
  featureOfKind,
  featureRows,
  featuresOf,
  operationChoice,
  operationsAs,
  withEntitlements,
} from './entitlement-terms.js';

const terms = { currency: 'USD' } as PlanTerms;

it('says nothing of entitlements where there are none', () => {
  const limited = withEntitlements(terms, { operations: { allow: ['getCity'] }, features: { sso: true } });
  expect(limited.entitlements).toEqual({ operations: { allow: ['getCity'] }, features: { sso: true } });
  expect(withEntitlements(limited, { operations: operationsAs('all', ['getCity']), features: featuresOf([]) })).toEqual(
    terms,
  );
});

it('keeps the list when the choice changes between only these and all but these', () => {
  const { list } = operationChoice({ allow: ['getCity', 'tag:reports'] });
  expect(operationsAs('deny', list)).toEqual({ deny: ['getCity', 'tag:reports'] });
  expect(operationChoice({ deny: [...list] })).toEqual({ choice: 'deny', list });
  expect(operationChoice(undefined)).toEqual({ choice: 'all', list: [] });
});

it('keeps features in their order, and their value where another kind can have it', () => {
  expect(featuresOf(featureRows({ seats: 5, sso: true }))).toEqual({ seats: 5, sso: true });
  expect(featureOfKind('string', 5)).toBe('5');
  expect(featureOfKind('number', '12')).toBe(12);
  expect(featureOfKind('number', 'many')).toBe(0);
  expect(featureOfKind('boolean', 'many')).toBe(true);
});
