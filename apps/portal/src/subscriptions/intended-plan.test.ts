import { expect, it } from 'vitest';
import { planInPath } from './intended-plan.js';

it('finds the plan in the address of the subscription page only', () => {
  expect(planInPath('/dashboard/subscribe?plan=abc&application=x')).toBe('abc');
  expect(planInPath('/dashboard/subscribe')).toBeNull();
  expect(planInPath('/dashboard/usage?plan=abc')).toBeNull();
  expect(planInPath(undefined)).toBeNull();
});
