import { z } from 'zod';
import { instant } from '../contract/value.schema.js';

export const installationHealth = z
  .object({
    softwareVersion: z.string().describe('Of the control plane.'),
    findings: z
      .array(
        z
          .object({
            code: z.string().describe('What kind of finding it is: "no_worker", "usage_not_shipped".'),
            severity: z
              .enum(['critical', 'warning'])
              .describe('Critical: usage or money waits, or calls fail, until somebody acts.'),
            title: z.string(),
            detail: z.string(),
            alert: z
              .string()
              .nullable()
              .describe('The alert that says the same, under whose name the runbook says what to do.'),
          })
          .meta({ id: 'Finding' }),
      )
      .readonly()
      .describe('What is wrong, the worst first; empty when all is well.'),
    workers: z
      .array(
        z
          .object({
            id: z.string(),
            softwareVersion: z.string(),
            startedAt: instant,
            heartbeatAt: instant,
            isSilent: z.boolean().describe('It was not heard of for 15 seconds.'),
          })
          .meta({ id: 'Worker' }),
      )
      .readonly()
      .describe('Those that were heard of in the last hour and have not stopped, the oldest first.'),
    queues: z
      .array(
        z
          .object({
            queue: z.string(),
            waiting: z.int().describe('Jobs that are not handed to the queue yet.'),
            oldestAt: instant.describe('Since when the oldest job that is not done is there.'),
          })
          .meta({ id: 'QueueBacklog' }),
      )
      .readonly()
      .describe('Queues with jobs that are not done; segments of usage are told of by the gateways.'),
  })
  .meta({ id: 'InstallationHealth' });
