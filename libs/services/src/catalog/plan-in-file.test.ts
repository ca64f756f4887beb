import { expect, it } from 'vitest';
import { contentHash } from './catalog-change.js';
import { definitionOf, planFaults, planTerms, termsOf } from './plan-in-file.js';

it('writes any definition as terms that a file can hold and that have the same definition again', () => {
  const meters = [{ slug: 'requests', aggregation: 'max' } as const];
  const terms = planTerms.parse({
    currency: 'ISK',
    requiresApproval: true,
    fixedFee: '10',
    prices: [{ meter: 'requests', price: { model: 'per_unit', unitAmount: '0.5' } }],
    billability: { cacheHit: { factor: '0.5' } },
  });
  const definition = definitionOf(terms, meters);
  expect(definition).toMatchObject({ requiresApproval: true, prices: [{ aggregation: 'max' }] });
  const again = planTerms.parse(JSON.parse(JSON.stringify(termsOf(definition))));
  expect(again).toEqual(terms);
  expect(contentHash(definitionOf(again, meters))).toBe(contentHash(definition));
});

it('refuses quotas of meters that do not add up, also in a trial', () => {
  const quota = { name: 'q', meter: 'users', limit: 1 };
  const terms = planTerms.parse({ currency: 'USD', quotas: [quota], trial: { days: 1, quotas: [quota] } });
  const paths = planFaults(terms, [{ slug: 'users', aggregation: 'unique' }]).map(({ path }) => path);
  expect(paths).toEqual(['quotas[0].meter', 'trial.quotas[0].meter']);
});
