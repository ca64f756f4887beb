import { TRAFFIC_DAYS } from '#domain';
import { z } from 'zod';
import { id, instant, instantInput } from '../contract/value.schema.js';

const operation = z.string().min(1).max(500).optional();

export const refusedCallsQuery = z.strictObject({
  from: instantInput,
  to: instantInput.describe('At most 31 days after `from`: that long they are kept.'),
  applicationId: id.optional(),
  credentialId: id.optional(),
  apiVersionId: id.optional(),
  operation,
});

export const productRefusedCallsQuery = z.strictObject({
  days: z.coerce.number().int().min(1).max(TRAFFIC_DAYS).default(7).describe('The last so many days.'),
  apiVersionId: id.optional(),
  operation,
});

const refused = {
  code: z.string().describe('As in the answer that the caller got.'),
  status: z.int(),
  calls: z.int(),
};

export const refusedCallsAnswer = z
  .object({
    from: instant,
    to: instant,
    bucket: z.enum(['hour', 'day']).describe('Up to three days by the hour, else by the day (UTC).'),
    calls: z.int().describe('All of them.'),
    buckets: z
      .array(z.object({ at: instant, ...refused }).meta({ id: 'RefusedCallsBucket' }))
      .readonly()
      .describe('The oldest first; spans without any are left out.'),
    kinds: z
      .array(
        z
          .object({
            api: z.string(),
            version: z.string(),
            operation: z.string(),
            caller: z
              .object({
                organization: z.string().nullable(),
                application: z.string().nullable(),
                key: z.string().nullable(),
                mode: z.enum(['live', 'test']),
              })
              .meta({ id: 'RefusedCaller' })
              .nullable()
              .describe('Null for callers that nobody knows; a name is null once what it named is gone.'),
            ...refused,
            lastAt: instant.describe('When the last of them came.'),
          })
          .meta({ id: 'RefusedCallsKind' }),
      )
      .readonly()
      .describe('By key, operation and code: those with the most calls first, a hundred at most.'),
  })
  .meta({ id: 'RefusedCalls' });
