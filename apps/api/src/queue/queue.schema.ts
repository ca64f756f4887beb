import { JOB_STATES, queueNames } from '#queues';
import { z } from 'zod';
import { instant } from '../contract/value.schema.js';

export const queueName = z.string().min(1).max(63);
export const jobId = z.string().min(1).max(500);

export const queuedJobsQuery = z.strictObject({
  state: z.enum(JOB_STATES).default('retrying'),
  limit: z.coerce.number().int().min(1).max(50).default(20),
});

export const queueList = z
  .object({
    backEnd: z.enum(['postgres', 'redis']).describe('Where the queues are.'),
    queues: z
      .array(
        z
          .object({
            queue: z.enum(queueNames as [string, ...string[]]),
            isPaused: z.boolean().describe('Nobody takes jobs, until it is resumed.'),
            canPause: z.boolean(),
            jobs: z
              .object({
                waiting: z.int().describe('For a worker.'),
                active: z.int().describe('Under way.'),
                retrying: z.int().describe('Failed, and wait for their next try.'),
              })
              .describe('Jobs that are done or given up are not kept.'),
            notHandedOver: z.int().describe('Jobs that were decided on and are not in the queue yet.'),
            oldestAt: instant
              .nullable()
              .describe(
                'Since when the oldest job that is not done is there; null without one. Gateways know of segments.',
              ),
          })
          .meta({ id: 'OperatedQueue' }),
      )
      .readonly(),
  })
  .meta({ id: 'QueueList' });

export const queuedJobList = z
  .object({
    jobs: z
      .array(
        z
          .object({
            id: z.string(),
            name: z.string().describe('What kind of job it is.'),
            addedAt: instant,
            attempts: z.int().describe('Tries that have ended.'),
            maxAttempts: z.int().nullable().describe('How many there are at most; null for as long as it takes.'),
            error: z.string().nullable().describe('Why the last try failed.'),
            payload: z
              .record(z.string(), z.string())
              .readonly()
              .meta({
                description: 'What it is about. Texts of mails and events of usage are left out.',
                example: { invoiceId: '0190d3e1-7c1f-7000-a82f-3ef0b01ff87e' },
              }),
          })
          .meta({ id: 'QueuedJob' }),
      )
      .readonly()
      .describe('Those that are there longest first; of segments of usage ten at most.'),
  })
  .meta({ id: 'QueuedJobList' });
