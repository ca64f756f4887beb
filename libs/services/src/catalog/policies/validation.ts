import { z } from 'zod';

export const validationSchema = z
  .strictObject({
    parameters: z.boolean().default(true).describe('Path, query, header and cookie parameters.'),
    body: z.boolean().default(true),
    mode: z
      .enum(['enforce', 'report'])
      .default('enforce')
      .describe('"report" lets requests pass and counts those that would be refused.'),
    maxBodyBytes: z
      .number()
      .int()
      .positive()
      .max(10_485_760)
      .default(1_048_576)
      .describe(
        'The largest body that is checked; a larger one is refused with 413, or passes where it is only reported.',
      ),
  })
  .describe('Checks requests against the OpenAPI document; what does not fit gets 400 with the list of violations.');
