import { AGGREGATIONS, OUTCOMES } from '#domain';
import { z } from 'zod';
import { ratedLine } from '../catalog/plan.schema.js';
import { nextAfter, pageAfter, placeOf } from '../contract/page.schema.js';
import { decimal, id, instant, instantInput, money } from '../contract/value.schema.js';
import { mode } from '../credential/credential.schema.js';
import { tax, taxTreatment } from '../tax/tax.schema.js';
import { subscription } from '../subscription/subscription.schema.js';

const quotaUsage = z
  .object({ name: z.string(), limit: z.int(), used: decimal, enforcement: z.enum(['hard', 'soft']) })
  .meta({ id: 'QuotaUsage' });

const meterUsage = z
  .object({
    slug: z.string(),
    title: z.string(),
    unit: z.string(),
    aggregation: z.enum(AGGREGATIONS).describe('How quantities come about: what they are of all calls.'),
    quantity: decimal,
    billableQuantity: decimal,
    included: decimal,
    quotas: z
      .array(quotaUsage)
      .readonly()
      .describe('All quotas of the meter, that of which most is used first: several may bound the same units.'),
    quota: quotaUsage.nullable().describe('The first of `quotas`; null without any.'),
  })
  .meta({ id: 'MeterUsage' });

export const currentUsageAnswer = z
  .object({
    subscriptions: z
      .array(
        z
          .object({
            subscription,
            meters: z.array(meterUsage).readonly(),
            estimate: money.describe(
              'What the period would cost, before tax, if it ended now, less what prepaid credits in store pay of it.',
            ),
            taxes: z.array(tax).readonly(),
            taxTreatment: taxTreatment.nullable().describe('Null when there is nothing to invoice.'),
            total: money.describe('The estimate with tax.'),
            toBalance: money.describe(
              'What the lines would give back beyond what they charge, with the tax on it; it would go to the balance.',
            ),
            estimateIsExact: z
              .boolean()
              .describe('False when a price of single events was computed of their number and sum: it is about so.'),
            lines: z.array(ratedLine).readonly(),
          })
          .meta({ id: 'CurrentUsage' }),
      )
      .readonly(),
  })
  .meta({ id: 'CurrentUsageAnswer' });

export const usageSeriesQuery = z.strictObject({
  from: instantInput,
  to: instantInput,
  bucket: z.enum(['hour', 'day', 'quarter']).describe('"quarter" is a quarter of an hour.'),
  applicationId: id.optional(),
  credentialId: id.optional(),
});

export const usageSeriesAnswer = z
  .object({
    buckets: z
      .array(
        z
          .object({
            at: instant,
            meter: z
              .string()
              .describe('Empty for calls that have used nothing of any meter: each counts one, none is billed.'),
            quantity: decimal,
            billable: z.boolean(),
            statusClass: z.int().describe('The first digit of the status: 2 to 5.'),
            eventCount: z.int(),
          })
          .meta({ id: 'UsageBucket' }),
      )
      .readonly(),
  })
  .meta({ id: 'UsageSeries' });

export const usageBreakdownQuery = z.strictObject({
  from: instantInput,
  to: instantInput,
  bucket: z
    .enum(['hour', 'day', 'quarter'])
    .describe('"quarter" is a quarter of an hour. Operations are told by the hour for two days at most.'),
  groupBy: z.enum(['product', 'operation', 'application', 'key', 'status']),
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(20)
    .default(8)
    .describe('How many groups have buckets of their own, those with the most events; all others are one.'),
  applicationId: id.optional(),
  credentialId: id.optional(),
  apiProductId: id.optional(),
  apiVersionId: id.optional(),
  operation: z.string().min(1).max(500).optional(),
  statusClass: z.coerce.number().int().min(1).max(5).optional().describe('The first digit of the status.'),
});

export const usageBreakdownAnswer = z
  .object({
    groups: z.array(z.object({ id: z.string(), label: z.string() }).meta({ id: 'UsageGroup' })).readonly(),
    buckets: z
      .array(
        z
          .object({
            at: instant,
            group: z.string().nullable().describe('The id of its group; null for all that have none.'),
            meter: z
              .string()
              .describe('Empty for calls that have used nothing of any meter: each counts one, none is billed.'),
            eventCount: z.int(),
            quantity: decimal,
            billableQuantity: decimal,
            failedQuantity: decimal.describe('Of answers with a status of 4xx or 5xx.'),
          })
          .meta({ id: 'UsageGroupBucket' }),
      )
      .readonly(),
  })
  .meta({ id: 'UsageBreakdown' });

/** Where a list of operations goes on, as text: calls, version and operation. */
const usedOperationPlace = placeOf(
  z
    .tuple([z.coerce.number<string>().int().nonnegative(), id, z.string()])
    .transform(([eventCount, apiVersionId, operation]) => ({ eventCount, apiVersionId, operation })),
  3,
);

export const usedOperationsQuery = z.strictObject({
  from: instantInput,
  to: instantInput,
  ...pageAfter(usedOperationPlace).shape,
});

export const usedOperationsAnswer = z
  .object({
    operations: z
      .array(
        z
          .object({
            apiVersion: z.object({ id, api: z.string(), name: z.string() }),
            operation: z.string(),
            eventCount: z.int(),
          })
          .meta({ id: 'UsedOperation' }),
      )
      .readonly(),
    next: nextAfter,
  })
  .meta({ id: 'UsedOperations' });

const requestFilter = {
  before: id.optional().describe('Requests older than the one with this id.'),
  from: instantInput.optional().describe('Admitted at this instant or later.'),
  to: instantInput.optional().describe('Admitted before this instant.'),
  applicationId: id.optional(),
  credentialId: id.optional(),
  apiProductId: id.optional(),
  apiVersionId: id.optional(),
  operation: z.string().min(1).max(500).optional(),
  status: z
    .string()
    .regex(/^[1-5](\d\d|xx)$/, 'expected a status such as 404, or a class such as 4xx')
    .optional()
    .describe('"404", or "4xx" for all of a class.'),
  outcome: z.enum(OUTCOMES).optional(),
  billable: z.stringbool({ truthy: ['true'], falsy: ['false'] }).optional(),
};

export const usageRequestsQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  requestId: id.optional(),
  ...requestFilter,
});

export const usageRequestsFileQuery = z.strictObject({
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(100_000)
    .default(10_000)
    .describe('How many requests the file has at most; the next file begins `before` the last id of this one.'),
  ...requestFilter,
});

export const usageRequest = z
  .object({
    requestId: id,
    admittedAt: instant,
    endedAt: instant,
    mode,
    applicationId: id,
    credentialDisplay: z.string(),
    apiVersion: z.object({ api: z.string(), name: z.string() }),
    operation: z.string(),
    method: z.string(),
    status: z.int(),
    outcome: z.string(),
    reason: z.string().describe('Why it is billable, or not.'),
    billable: z.boolean(),
    countsToQuota: z.boolean(),
    quantities: z.record(z.string(), decimal).describe('Units by the slug of the meter.'),
    estimated: z.boolean().describe('A quantity is the declared maximum: the answer did not say the real one.'),
    overrun: z
      .record(z.string(), decimal)
      .nullable()
      .describe('Units above the declared maximum, which are never billed; null when there are none.'),
    bytesIn: z.int(),
    bytesOut: z.int(),
    durationMs: z.number(),
    rowCount: z
      .int()
      .describe('How many rows of a WebSocket connection or long answer are added up here so far; else 1.'),
  })
  .meta({ id: 'UsageRequest', description: 'The receipt of one call through the gateway.' });

export const usageReceipt = usageRequest
  .extend({
    rows: z
      .array(
        z
          .object({
            seq: z.int(),
            endedAt: instant,
            outcome: z.string(),
            reason: z.string(),
            billable: z.boolean(),
            countsToQuota: z.boolean(),
            quantities: z.record(z.string(), decimal).describe('Units since the row before.'),
            bytesIn: z.int(),
            bytesOut: z.int(),
          })
          .meta({ id: 'UsageRow' }),
      )
      .readonly()
      .describe('What was recorded, the latest first; at most 1,500 rows.'),
  })
  .meta({ id: 'UsageReceipt', description: 'The receipt of one call, with the rows that make its total.' });

export const usageRequestList = z
  .object({
    requests: z.array(usageRequest).readonly(),
    next: z.string().nullable().describe('The `before` of the next page, or null.'),
  })
  .meta({ id: 'UsageRequestList' });
