import { z } from 'zod';

export const transportSchema = z
  .strictObject({
    plainHttp: z.enum(['refuse', 'redirect']).default('refuse').describe('refuse: 426. redirect: 308 to https.'),
    httpsPort: z.number().int().min(1).max(65_535).default(443).describe('Where the redirect leads to.'),
  })
  .describe('Calls must come by HTTPS, at the gateway itself or at a trusted proxy before it.');
