import { z } from 'zod';
import { id, instant, slug } from '../contract/value.schema.js';

const percentile = (share: string) => z.number().describe(`Milliseconds that ${share} of the calls did not exceed.`);

const latency = z.object({ p50Ms: percentile('half'), p95Ms: percentile('95 %'), p99Ms: percentile('99 %') }).meta({
  id: 'LatencyPercentiles',
  description: 'From merged histograms: each is at most 5 % off, from 0.1 ms to ten minutes.',
});

const summary = {
  calls: z.int(),
  clientErrors: z.int().describe('Answers of 4xx.'),
  serverErrors: z.int().describe('Answers of 5xx, also those that the gateway gives for the upstream.'),
  latency: latency
    .nullable()
    .describe('From the head of the request to the end of the answer; null where no call has ended that way.'),
  upstreamLatency: latency
    .nullable()
    .describe('From sending the request to the head of the upstream’s answer; null where there was none.'),
};

export const trafficQuery = z.strictObject({
  minutes: z.coerce
    .number()
    .int()
    .min(1)
    .max(44_640)
    .default(60)
    .describe(
      'The last so many minutes. What is older than three hours is known by the quarter of an hour, than a day by the hour; 31 days are kept.',
    ),
  bucket: z
    .enum(['minute', 'quarter', 'hour', 'day'])
    .default('minute')
    .describe('How long the spans are; "quarter" is a quarter of an hour, days are in UTC.'),
  groupBy: z.enum(['operation', 'subset']).optional().describe('Absent: all calls are one group.'),
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(50)
    .default(20)
    .describe('How many groups have numbers of their own, those with the most calls; all others are one.'),
  mode: z.enum(['live', 'test']).default('live').describe('Of live or of test keys.'),
  operation: z.string().min(1).max(500).optional().describe('Only of this operation.'),
  subset: z.string().max(63).optional().describe('Only of this subset of the upstream.'),
});

export const productTrafficQuery = trafficQuery.extend({
  apiVersionId: id.optional().describe('Only of this version.'),
});

export const trafficAnswer = z
  .object({
    from: instant,
    to: instant,
    total: z.object(summary).meta({ id: 'TrafficSummary' }),
    groups: z
      .array(
        z
          .object({
            id: z
              .string()
              .nullable()
              .describe(
                '"version id/operation", or the name of the subset, empty for calls that asked none; null for all without a group of their own.',
              ),
            label: z.string(),
            ...summary,
          })
          .meta({ id: 'TrafficGroup' }),
      )
      .readonly()
      .describe('Over the whole time, the busiest first.'),
    buckets: z
      .array(
        z
          .object({
            at: instant,
            group: z.string().nullable().describe('The id of its group.'),
            ...summary,
          })
          .meta({ id: 'TrafficBucket' }),
      )
      .readonly()
      .describe('The oldest first; spans without calls are left out.'),
  })
  .meta({ id: 'Traffic' });

const rule = z.string().min(1).max(64).nullable().describe('The name of a rule; null for the calls that none matches.');

const shares = z
  .array(
    z
      .object({
        subset: slug,
        weight: z.int().min(0).max(1_000_000).describe('Its share of the sum of all.'),
      })
      .meta({ id: 'SubsetShare' }),
  )
  .max(50);

export const versionSplits = z
  .object({
    subsets: z
      .array(z.object({ name: z.string(), targets: z.array(z.string()).readonly().describe('Their URLs.') }))
      .readonly()
      .describe('Named parts of the upstream’s targets, in their order; empty for an upstream without.'),
    splits: z
      .array(
        z
          .object({
            rule,
            shares: shares.readonly().describe('In force; empty where the calls are refused.'),
            writtenShares: shares
              .readonly()
              .nullable()
              .describe('What the version was written with, where the shares have been changed since; else null.'),
          })
          .meta({ id: 'TrafficSplit' }),
      )
      .readonly()
      .describe('In the order in which they decide; the calls that no rule matches last.'),
  })
  .meta({ id: 'VersionSplits' });

export const changeSharesRequest = z
  .strictObject({
    splits: z
      .array(
        z.strictObject({
          rule: rule.default(null),
          shares: shares.min(1).nullable().describe('Null for what the version was written with.'),
        }),
      )
      .min(1)
      .max(51)
      .describe('What is not named stays as it is.'),
  })
  .meta({ id: 'ChangeSharesRequest' });
