import { z } from 'zod';

export const searchQuery = z.object({
  q: z.string().max(200).describe('Words, each also as the beginning of a longer one.'),
  api: z.string().min(1).max(63).optional().describe('Only of this API.'),
  version: z.string().min(1).max(63).optional().describe('Of this version. Default: latest.'),
  limit: z.coerce.number().int().min(1).max(50).default(20),
});

export const searchResult = z
  .object({
    hits: z
      .array(
        z
          .object({
            kind: z.enum(['operation', 'guide']),
            api: z.object({ slug: z.string(), title: z.string() }),
            version: z.string(),
            method: z.string().nullable().describe('Null for a guide.'),
            name: z.string().describe('The path template, or the slug of the guide.'),
            operationId: z.string().nullable(),
            title: z.string(),
            excerpt: z.array(z.object({ text: z.string(), isMatch: z.boolean() })).readonly(),
            href: z.string().describe('Where it is read, as a path of the portal.'),
          })
          .meta({ id: 'SearchHit' }),
      )
      .readonly(),
  })
  .meta({ id: 'SearchResult', description: 'Operations and guides that were found, the best first.' });
