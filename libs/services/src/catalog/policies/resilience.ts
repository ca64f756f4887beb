import { IDEMPOTENT_METHODS, RETRY_CONDITIONS } from '#domain';
import { z } from 'zod';

export const responseTimeoutMs = z.number().int().min(50).max(600_000);

const methods = z
  .array(z.string().regex(/^[A-Z]{3,16}$/, 'expected a method in capitals'))
  .max(10)
  .default([...IDEMPOTENT_METHODS])
  .describe('Default: those that may be repeated without harm. A POST that is repeated may be done twice.');

export const retriesSchema = z
  .strictObject({
    attempts: z.number().int().min(1).max(10).default(2).describe('How many times more than the first.'),
    retryOn: z
      .array(z.enum(RETRY_CONDITIONS))
      .min(1)
      .default(['connect-failure', 'reset', 'gateway-error'])
      .describe('As in Istio. "5xx" and "gateway-error" count a missing answer as well.'),
    retriableStatusCodes: z.array(z.number().int().min(400).max(599)).max(50).default([]),
    methods,
    perTryTimeoutMs: z.number().int().min(10).max(600_000).nullable().default(null),
    backOffMs: z.number().int().min(1).max(10_000).default(25).describe('Before the second attempt; then it doubles.'),
    maxReplayBytes: z
      .number()
      .int()
      .min(0)
      .max(1024 * 1024)
      .default(64 * 1024)
      .describe('A request with a longer body is sent once only.'),
    budgetPercent: z.number().int().min(1).max(100).default(20).describe('Share of repeats in the requests under way.'),
  })
  .describe('When a request goes to the upstream again. The caller pays for one call.');

export const circuitBreakerSchema = z
  .strictObject({
    consecutiveFailures: z
      .number()
      .int()
      .min(1)
      .max(1_000)
      .nullable()
      .default(5)
      .describe('So many 5xx, broken or missing answers in a row; null for never.'),
    openMs: z.number().int().min(100).max(600_000).default(30_000).describe('How long it is open the first time.'),
    maxConcurrent: z.number().int().min(1).max(1_000_000).nullable().default(null),
  })
  .describe('When the upstream is given a rest: 503 with Retry-After.');

export const healthCheckSchema = z
  .strictObject({
    path: z
      .string()
      .max(500)
      .regex(/^\/[\x21\x22\x24-\x7e]*$/, 'expected a path such as /healthz, in ASCII and without a fragment')
      .describe('From the root of each target, not below the path of url.'),
    intervalSeconds: z.number().min(1).max(3_600).default(10),
    timeoutSeconds: z.number().min(0.1).max(60).default(2).describe('Until the head of the answer.'),
    healthyAfter: z.number().int().min(1).max(100).default(2).describe('So many good answers in a row bring it back.'),
    unhealthyAfter: z.number().int().min(1).max(100).default(3).describe('So many others, or none, leave it out.'),
    expectedStatuses: z
      .array(z.number().int().min(200).max(599))
      .min(1)
      .max(50)
      .optional()
      .describe('Of good answers. Default: any 2xx.'),
  })
  .refine(({ intervalSeconds, timeoutSeconds }) => timeoutSeconds <= intervalSeconds, {
    error: 'expected no more than intervalSeconds',
    path: ['timeoutSeconds'],
  })
  .describe('How each gateway asks each target whether it is well; one that is not gets no calls.');
