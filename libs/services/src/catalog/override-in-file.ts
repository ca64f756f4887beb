import { z } from 'zod';
import { entitlements } from './entitlements-in-file.js';
import { type PlanTerms, quota } from './plan-in-file.js';
import { decimal, price } from './price-in-file.js';
import { concurrency, rateLimit } from './rate-limit-in-file.js';

/** What one subscription has in the place of what its plan says; each list in the place of the plan's whole list. */
export const overrideTerms = z
  .strictObject({
    fixedFee: decimal.optional().describe('Per billing interval, in major units of the currency.'),
    prices: z.array(price).max(20).optional(),
    rateLimits: z.array(rateLimit).max(10).optional(),
    quotas: z.array(quota).max(10).optional(),
    concurrency: concurrency.optional(),
    entitlements: entitlements.optional(),
  })
  .refine((terms) => Object.values(terms).some((value) => value !== undefined), 'name at least one field');

export type OverrideTerms = z.output<typeof overrideTerms>;

/** The terms of a plan with an override: what it names takes the place of what the plan says, the rest stays. */
export function overridden(terms: PlanTerms, override: OverrideTerms): PlanTerms {
  const named = Object.entries(override).filter(([, value]) => value !== undefined);
  return { ...terms, ...Object.fromEntries(named) } as PlanTerms;
}
