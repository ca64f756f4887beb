import { billabilityRowNames } from '#domain';
import { z } from 'zod';

const rule = z.strictObject({
  quota: z.boolean().optional().describe('The call uses up quotas.'),
  billable: z.boolean().optional(),
  operations: z
    .array(z.string().min(1).max(200))
    .max(500)
    .optional()
    .describe('Of clientError: the only operations that this is for, by the selectors of meters.'),
  valueMeters: z
    .boolean()
    .optional()
    .describe('Of brokenAfterHead: meters that count what passed are billed and use up quotas.'),
  factor: z
    .union([z.string(), z.number()])
    .transform((value) => String(value))
    .optional()
    .describe('Of cacheHit: what a call counts is multiplied by this, from 0 to 1.'),
});

/** The rows of the billability table that a plan changes. */
export const billability = z
  .partialRecord(z.enum(billabilityRowNames), rule)
  .describe(
    'What is billable where it is not as by default; the rows serverError, refused, preflight and test are fixed.',
  );
