import { z } from 'zod';

export const limitsSchema = z.strictObject({
  classicHeaders: z
    .boolean()
    .describe(
      'Adds X-RateLimit-Limit, X-RateLimit-Remaining and X-RateLimit-Reset (seconds) of the limit with the fewest ' +
        'units left, in the place of those of the upstream.',
    ),
});
