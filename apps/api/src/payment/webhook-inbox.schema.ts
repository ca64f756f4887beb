import { z } from 'zod';
import { instant } from '../contract/value.schema.js';

/** The provider's own id of a message. */
export const eventId = z.string().min(1).max(255);

const webhookState = z.enum(['waiting', 'failed', 'processed']);

export const webhookQuery = z.strictObject({
  state: webhookState.optional(),
  before: eventId.optional().describe('The `next` of the page before.'),
  limit: z.coerce.number().int().min(1).max(100).default(20),
});

export const webhookList = z
  .object({
    webhooks: z
      .array(
        z
          .object({
            eventId: z.string(),
            type: z.string(),
            objectId: z.string().nullable(),
            state: webhookState,
            receivedAt: instant,
            processedAt: instant.nullable(),
            attempts: z.int(),
            triedAt: instant.nullable(),
            error: z.string().nullable().describe('Why the last try failed.'),
          })
          .meta({ id: 'ReceivedWebhook' }),
      )
      .readonly(),
    next: z.string().nullable().describe('The `before` of the next page, or null.'),
  })
  .meta({ id: 'WebhookList' });
