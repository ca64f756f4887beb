import { z } from 'zod';

export const cacheSchema = z
  .strictObject({
    routes: z
      .array(
        z.strictObject({
          selector: z.string().min(1).max(200).describe('An operation id, tag:NAME, "METHOD /template", or *.'),
          scope: z
            .enum(['consumer', 'shared'])
            .default('consumer')
            .describe('shared: one answer for all consumers, unless the upstream says private.'),
          ttlSeconds: z
            .number()
            .int()
            .min(1)
            .max(31_536_000)
            .optional()
            .describe('For answers without Cache-Control and Expires; without it these are not kept.'),
          maxBodyBytes: z
            .number()
            .int()
            .min(1)
            .max(16_777_216)
            .default(1_048_576)
            .describe('Longer ones are not kept.'),
        }),
      )
      .min(1)
      .max(500)
      .describe('First match wins. Only GET and HEAD are answered from the cache.'),
  })
  .describe('Answers are kept and given again as RFC 9111 allows.');
