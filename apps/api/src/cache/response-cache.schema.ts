import { z } from 'zod';

export const purgeRequest = z
  .strictObject({
    api: z.string().min(1).max(100).describe('The slug of the API.'),
    version: z.string().min(1).max(100).optional().describe('The name of a version; default all of them.'),
    path: z
      .string()
      .min(1)
      .max(2_000)
      .optional()
      .describe('As callers ask for it, with any query; `*` at its end for all that begin so. Default everything.'),
  })
  .meta({ id: 'PurgeResponseCacheRequest' });

export const purged = z
  .object({ versions: z.int().describe('Of how many versions answers are forgotten.') })
  .meta({ id: 'PurgedResponseCache' });
