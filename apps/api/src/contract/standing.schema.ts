import { SUSPENSION_REASONS } from '#domain';
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

export const suspensionReasons = z.array(z.enum(SUSPENSION_REASONS)).readonly();

export const subscriptionStandingRequest = standingRequest
  .extend({
    for: z
      .enum(['operator', 'publisher', 'payment'])
      .default('operator')
      .describe('What calls are refused for, or no longer refused for. Each reason is lifted on its own.'),
  })
  .meta({ id: 'SubscriptionStandingRequest' });

export const subscriptionStanding = standing
  .extend({
    suspendedFor: suspensionReasons.describe('What its calls are refused for now; they pass when it is empty.'),
  })
  .meta({ id: 'SubscriptionStanding' });
