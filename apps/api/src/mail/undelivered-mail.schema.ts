import { z } from 'zod';
import { limit, nextAfter } from '../contract/page.schema.js';
import { id, instant } from '../contract/value.schema.js';

export const undeliveredMailsQuery = z.strictObject({
  limit,
  after: id.optional().describe('The `next` of the page before.'),
});

export const undeliveredMailList = z
  .object({
    mails: z
      .array(
        z
          .object({
            id,
            to: z.string(),
            subject: z.string(),
            reason: z.string().describe('Why the last try failed.'),
            writtenAt: instant,
            givenUpAt: instant,
          })
          .meta({ id: 'UndeliveredMail' }),
      )
      .readonly()
      .describe('The last written first.'),
    next: nextAfter,
  })
  .meta({ id: 'UndeliveredMailList' });
