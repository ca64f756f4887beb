import { z } from 'zod';
import { SEGMENT_JOB_NAME, SEGMENT_QUEUE, type SegmentJob, segmentJobId, segmentJobSchema } from './segment-job.js';

/** What a job carries, what it is called, and how often it is tried. */
export interface JobDefinition<Payload> {
  readonly schema: z.ZodType<Payload>;
  /** Derived from the payload, so that queueing the same work twice queues it once; holds no ":". */
  readonly jobId: (payload: Payload) => string;
  /** Tries in all. Jobs that must happen are tried for ever, ever more slowly. */
  readonly attempts: number;
  /** The longest wait between two tries; default 30 s. */
  readonly lastRetryMs?: number;
}

const FOR_EVER = 2_147_483_647;
const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 30_000;

const define = <Payload>(definition: JobDefinition<Payload>): JobDefinition<Payload> => definition;

/** Every queue, and the jobs that may be on it. */
export const jobDefinitions = {
  [SEGMENT_QUEUE]: {
    // The gateway ships a segment again when no acknowledgement comes, so a job may be given up.
    [SEGMENT_JOB_NAME]: define<SegmentJob>({ schema: segmentJobSchema, jobId: segmentJobId, attempts: 8 }),
  },
  billing: {
    'close-due-periods': define<Record<string, never>>({
      schema: z.strictObject({}),
      jobId: () => 'close-due-periods',
      // A timer does the same work every second.
      attempts: 1,
    }),
  },
  payments: {
    'collect-invoice': define<{ readonly invoiceId: string }>({
      schema: z.strictObject({ invoiceId: z.uuid() }),
      jobId: ({ invoiceId }) => `collect-invoice-${invoiceId}`,
      attempts: FOR_EVER,
    }),
    'tax-invoice': define<{ readonly invoiceId: string }>({
      schema: z.strictObject({ invoiceId: z.uuid() }),
      jobId: ({ invoiceId }) => `tax-invoice-${invoiceId}`,
      attempts: FOR_EVER,
    }),
    'settle-invoice': define<{ readonly invoiceId: string }>({
      schema: z.strictObject({ invoiceId: z.uuid() }),
      jobId: ({ invoiceId }) => `settle-invoice-${invoiceId}`,
      attempts: FOR_EVER,
    }),
    'refund-payment': define<{ readonly refundId: string }>({
      schema: z.strictObject({ refundId: z.uuid() }),
      jobId: ({ refundId }) => `refund-payment-${refundId}`,
      attempts: FOR_EVER,
    }),
    'process-webhook': define<{ readonly eventId: string }>({
      schema: z.strictObject({ eventId: z.string().min(1).max(255) }),
      jobId: ({ eventId }) => `process-webhook-${eventId.replaceAll(':', '_')}`,
      attempts: FOR_EVER,
    }),
  },
  webhooks: {
    'deliver-webhook': define<{ readonly deliveryId: string; readonly lease: number }>({
      schema: z.strictObject({ deliveryId: z.uuid(), lease: z.int().positive() }),
      jobId: ({ deliveryId, lease }) => `deliver-webhook-${deliveryId}-${lease}`,
      // The delivery's row knows when the next try is due, and another job makes it.
      attempts: 1,
    }),
  },
  mail: {
    'send-mail': define<MailJob>({
      schema: z.strictObject({
        mailId: z.uuid(),
        to: z.string().min(3),
        subject: z.string().min(1),
        text: z.string(),
        html: z.string(),
      }),
      jobId: ({ mailId }) => `send-mail-${mailId}`,
      // By its age it is given up, not by the number of tries: a mail server may be away for hours.
      attempts: FOR_EVER,
      // A mailbox may say "later" for days, and its server is not to be asked for that thousands of times.
      lastRetryMs: 300_000,
    }),
  },
} as const;

/** A mail to send; `mailId` is minted by who wrote it. */
export interface MailJob {
  readonly mailId: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

export type QueueName = keyof typeof jobDefinitions;
export type JobName<Queue extends QueueName> = keyof (typeof jobDefinitions)[Queue] & string;
export type JobPayload<Queue extends QueueName, Name extends JobName<Queue>> =
  (typeof jobDefinitions)[Queue][Name] extends JobDefinition<infer Payload> ? Payload : never;

export const queueNames = Object.keys(jobDefinitions) as readonly QueueName[];

/** True for the name of a queue that exists. */
export function isQueueName(name: string): name is QueueName {
  return Object.hasOwn(jobDefinitions, name);
}

/** The definition of a job by its names, or undefined when no such job may be on the queue. */
export function findJobDefinition(queue: QueueName, name: string): JobDefinition<unknown> | undefined {
  const definitions: Readonly<Record<string, unknown>> = jobDefinitions[queue];
  return Object.hasOwn(definitions, name) ? (definitions[name] as JobDefinition<unknown>) : undefined;
}

/** How long to wait before the next try: doubling from half a second, at most `lastRetryMs`. */
export function retryDelayMs(attemptsMade: number, lastRetryMs = LAST_RETRY_MS): number {
  return Math.min(FIRST_RETRY_MS * 2 ** Math.min(attemptsMade - 1, 16), lastRetryMs);
}
