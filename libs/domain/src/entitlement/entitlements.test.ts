import { describe, expect, it } from 'vitest';
import type { Route } from '../catalog/api.js';
import { type Entitlements, includesOperation } from './entitlements.js';
import { featureField } from './feature-field.js';
import { nearestName } from './nearest-name.js';
import { entitlementFaults, unknownOperationFaults } from './validate-entitlements.js';

const route = (method: string, template: string, operation: string, tags: string[] = []): Route => ({
  method,
  template,
  operation,
  tags,
});
const routes = [
  route('GET', '/cities', 'listCities', ['cities']),
  route('GET', '/cities/{id}', 'getCity', ['cities']),
  route('POST', '/reports', 'createReport', ['reports']),
  route('GET', '/reports/daily', 'getDailyReport', ['reports']),
];
const included = (operations: Entitlements['operations']) =>
  routes.filter((one) => includesOperation({ operations }, one)).map(({ operation }) => operation);

describe('the operations of a plan', () => {
  it('are all, those that it names, or all but those that it names', () => {
    const all = routes.map(({ operation }) => operation);
    expect(routes.every((one) => includesOperation(undefined, one))).toBe(true);
    expect(routes.every((one) => includesOperation({ features: { sso: true } }, one))).toBe(true);
    expect(included({ allow: ['getCity', 'POST /reports'] })).toEqual(['getCity', 'createReport']);
    expect(included({ allow: ['tag:reports'] })).toEqual(['createReport', 'getDailyReport']);
    expect(included({ deny: ['tag:reports'] })).toEqual(['listCities', 'getCity']);
    expect(included({ deny: ['nothing'] })).toEqual(all);
    expect(included({ allow: ['*'] })).toEqual(all);
  });

  it('can be named by a path: of any method, or all that is beneath it', () => {
    expect(included({ allow: ['/cities/{id}'] })).toEqual(['getCity']);
    expect(included({ allow: ['/reports/*'] })).toEqual(['getDailyReport']);
    expect(included({ allow: ['GET /cities/*'] })).toEqual(['getCity']);
    expect(included({ allow: ['POST /cities/*'] })).toEqual([]);
    expect(included({ deny: ['/reports', '/reports/*'] })).toEqual(['listCities', 'getCity']);
  });
});

describe('faults of entitlements', () => {
  const faults = (entitlements: Entitlements) => entitlementFaults(entitlements).map(({ path }) => path);

  it('are two lists or none, and a list without an operation', () => {
    expect(faults({ operations: { allow: ['*'] }, features: { sso: true } })).toEqual([]);
    expect(faults({ operations: {} })).toEqual(['entitlements.operations']);
    expect(faults({ operations: { allow: ['a'], deny: ['b'] } })).toEqual(['entitlements.operations']);
    expect(faults({ operations: { deny: [] } })).toEqual(['entitlements.operations.deny']);
  });

  it.each([
    ['Seats', 5],
    ['9lives', true],
    ['a b', true],
    ['seats', -1],
    ['seats', 0.0005],
    ['seats', 1e12],
    ['seats', Number.NaN],
    ['support', ''],
    ['support', 'say "please"'],
    ['support', 'line\nbreak'],
  ])('are a feature %s of %s, which no header can carry', (name, value) => {
    expect(faults({ features: { [name]: value } })).toEqual([`entitlements.features.${name}`]);
  });

  it('name the operation that was meant, and where', () => {
    expect(unknownOperationFaults({ operations: { allow: ['listCities', 'getcitty'] } }, routes)).toEqual([
      {
        path: 'entitlements.operations.allow[1]',
        message: 'no API of the product has an operation "getcitty"; the nearest is "getCity".',
      },
    ]);
    expect(unknownOperationFaults({ operations: { deny: ['tag:city'] } }, routes)[0]!.message).toContain(
      'the nearest is "tag:cities"',
    );
    expect(unknownOperationFaults({ operations: { deny: ['somethingElseAltogether'] } }, routes)[0]!.message).toBe(
      'no API of the product has an operation "somethingElseAltogether".',
    );
  });

  it('are a plan without any operation, but not one of a product that has none yet', () => {
    expect(unknownOperationFaults({ operations: { deny: ['*'] } }, routes)).toHaveLength(1);
    expect(unknownOperationFaults({ operations: { deny: ['*'] } }, [])).toEqual([]);
    expect(unknownOperationFaults({ operations: { deny: ['getCity'] } }, routes)).toEqual([]);
  });
});

describe('the header of features', () => {
  it('is a dictionary of RFC 9651 in the order of the names', () => {
    const features = { support: 'priority', sso: true, seats: 5, share: 0.5, trial: false };
    expect(featureField({ features })).toBe('seats=5, share=0.5, sso, support="priority", trial=?0');
    expect(featureField({ features: {} })).toBeNull();
    expect(featureField(undefined)).toBeNull();
  });
});

describe('the nearest name', () => {
  it('differs in the fewest letters, and in no more than half of them', () => {
    expect(nearestName('getCitys', ['listCities', 'getCity', 'getCities'])).toBe('getCity');
    expect(nearestName('GETCITY', ['getCity'])).toBe('getCity');
    expect(nearestName('abcd', ['wxyz'])).toBeNull();
    expect(nearestName('x'.repeat(201), ['x'.repeat(201)])).toBeNull();
  });
});
