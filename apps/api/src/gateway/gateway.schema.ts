import { z } from 'zod';
import { nextAfter, pageAfter } from '../contract/page.schema.js';
import { instant } from '../contract/value.schema.js';

export const gatewayQuery = pageAfter(z.string().max(200));

export const gatewayList = z
  .object({
    gateways: z
      .array(
        z
          .object({
            id: z.string(),
            epoch: z.int().describe('Goes up by one with each start.'),
            state: z.enum(['running', 'stopped']),
            heartbeatAt: instant,
            admittedThrough: instant.describe('Every request admitted before this instant is accounted for.'),
            sealedSegment: z.int(),
            acknowledgedSegment: z.int().describe('Up to here its journal is in the ledger without a gap.'),
            snapshotNumber: z.int(),
            softwareVersion: z.string().nullable().describe('Null for one that started before gateways said so.'),
          })
          .meta({ id: 'Gateway' }),
      )
      .readonly(),
    next: nextAfter,
  })
  .meta({ id: 'GatewayList' });
