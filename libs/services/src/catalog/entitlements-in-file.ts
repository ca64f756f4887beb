import { z } from 'zod';

const operationList = z.array(z.string().min(1).max(200)).max(500);

/** Which operations and features a plan has. */
export const entitlements = z
  .strictObject({
    operations: z
      .strictObject({
        allow: operationList.optional().describe('The only operations of the plan.'),
        deny: operationList.optional().describe('The operations that the plan lacks.'),
      })
      .optional()
      .describe(
        'Either allow or deny. Each is an operation id, tag:NAME, "METHOD /template", /template, or /path/* for all ' +
          'beneath it. Absent: every operation.',
      ),
    features: z
      .record(z.string().min(1).max(64), z.union([z.boolean(), z.number(), z.string().max(120)]))
      .refine((features) => Object.keys(features).length <= 50, 'expected at most 50 features')
      .optional()
      .describe('What else the plan has, by name: true or false, a number, or a word. Told to the upstream.'),
  })
  .describe('Which operations and features the plan has.');
