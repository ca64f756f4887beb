import { expect, it } from 'vitest';
import type { Plan } from '../api/types.js';
import { featureLines, featureNames, featureTitle, featureValueWords } from './feature-words.js';

it('calls a feature by the words of its name', () => {
  expect(featureTitle('priority-support_level')).toBe('Priority support level');
});

it('says what a plan gives of a feature, also of one that it does not name', () => {
  expect([true, false, undefined, 12_500, 'priority'].map(featureValueWords)).toEqual([
    'Yes',
    'No',
    'No',
    '12,500',
    'priority',
  ]);
  expect(featureLines({ support: 'priority', sso: true, seats: 5, beta: false })).toEqual([
    'Seats: 5',
    'Sso',
    'Support: priority',
  ]);
});

it('compares plans by every feature that one of them has', () => {
  const plan = (features: object) => ({ version: { definition: { entitlements: { features } } } }) as unknown as Plan;
  const none = { version: { definition: {} } } as unknown as Plan;
  expect(featureNames([none, plan({ sso: true }), plan({ seats: 1, sso: false })])).toEqual(['seats', 'sso']);
});
