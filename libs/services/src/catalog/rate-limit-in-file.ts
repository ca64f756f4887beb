import { z } from 'zod';

const scope = z
  .enum(['subscription', 'organization', 'application', 'key', 'ip', 'header'])
  .describe('Whose calls share a counter. Default: subscription.');
const header = z.string().min(1).max(64).describe('The header field of the scope "header".');

export const rateLimit = z.strictObject({
  name: z.string().min(1).max(64),
  limit: z.number().int().positive(),
  windowSeconds: z.number().int().positive().max(86_400),
  algorithm: z
    .enum(['sliding_window', 'fixed_window', 'gcra'])
    .optional()
    .describe(
      'sliding_window (default): never more than the limit in any window. fixed_window: in windows aligned to the ' +
        'clock. gcra: never more than burst + limit / window × time.',
    ),
  policy: z
    .enum(['local', 'shared', 'leased'])
    .optional()
    .describe(
      'Who counts: each gateway alone, the shared store at every call, or (default) the store in leased blocks.',
    ),
  scope: scope.optional(),
  header: header.optional(),
  burst: z.number().int().positive().optional().describe('Calls at once, with gcra only. Default: the limit.'),
});

export const concurrency = z
  .strictObject({ limit: z.number().int().positive(), scope: scope.optional(), header: header.optional() })
  .describe('At most so many calls under way at the same time.');

export const withoutStore = z
  .enum(['fail_open', 'fail_closed', 'local'])
  .describe('What rate limits do while their shared store is away. Default: local, each gateway with its share.');
