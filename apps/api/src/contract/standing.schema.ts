import { z } from 'zod';

export const standingRequest = z
  .strictObject({
    reason: z.string().trim().min(1).max(500).nullable().default(null).describe('For the audit log.'),
  })
  .meta({ id: 'StandingRequest' });

export const standing = z
  .object({
    suspended: z.boolean(),
    changed: z.boolean().describe('False when it was so already.'),
  })
  .meta({ id: 'Standing' });
