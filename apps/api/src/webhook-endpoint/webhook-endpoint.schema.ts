import {
  WEBHOOK_DELIVERY_STATES,
  WEBHOOK_DISABLED_REASONS,
  WEBHOOK_EVENT_TYPES,
  WEBHOOK_OUTCOMES,
  WEBHOOK_RULES,
  WEBHOOK_TEST_TYPE,
  type WebhookEventType,
} from '#domain';
import { z } from 'zod';
import { etag } from '../contract/entity-tag.js';
import { next, pageQuery } from '../contract/page.schema.js';
import { id, instant } from '../contract/value.schema.js';

const eventType = z.enum(WEBHOOK_EVENT_TYPES as [WebhookEventType, ...WebhookEventType[]]);
const sentType = z.enum([...WEBHOOK_EVENT_TYPES, WEBHOOK_TEST_TYPE]);

const urlInput = z.string().trim().min(1).max(WEBHOOK_RULES.maxUrlLength).describe('An https URL.');
const descriptionInput = z.string().trim().max(WEBHOOK_RULES.maxDescriptionLength);
const eventTypesInput = z
  .array(eventType)
  .min(1)
  .max(WEBHOOK_EVENT_TYPES.length)
  .readonly()
  .describe('What it is told of; see the list of event types.');

export const createWebhookEndpointRequest = z
  .strictObject({ url: urlInput, description: descriptionInput.default(''), eventTypes: eventTypesInput })
  .meta({ id: 'CreateWebhookEndpointRequest' });

export const editWebhookEndpointRequest = z
  .strictObject({
    url: urlInput.optional(),
    description: descriptionInput.optional(),
    eventTypes: eventTypesInput.optional(),
    isEnabled: z.boolean().optional().describe('False turns it off, and gives up what waits for it.'),
  })
  .meta({ id: 'EditWebhookEndpointRequest' });

export const rotateWebhookSecretRequest = z
  .strictObject({
    overlapSeconds: z
      .number()
      .int()
      .min(0)
      .max(WEBHOOK_RULES.maxOverlapSeconds)
      .describe('For how long the secret before signs too.'),
  })
  .meta({ id: 'RotateWebhookSecretRequest' });

export const webhookEndpoint = z
  .object({
    id,
    url: z.string(),
    description: z.string(),
    eventTypes: z.array(eventType).readonly(),
    createdAt: instant,
    disabledAt: instant.nullable().describe('Null while it is sent messages.'),
    disabledReason: z
      .enum(WEBHOOK_DISABLED_REASONS)
      .nullable()
      .describe('member: turned off by somebody; gone: it answered 410; failing: it failed for five days.'),
    failingSince: instant.nullable().describe('Since when every try has failed; null after one that has not.'),
    previousSecretEndsAt: instant.nullable().describe('Until when the secret before signs too.'),
    etag,
  })
  .meta({ id: 'WebhookEndpoint' });

export const webhookEndpointList = z
  .object({
    endpoints: z.array(webhookEndpoint).readonly(),
    maxEndpoints: z.number().int().describe('How many an organization can have.'),
  })
  .meta({ id: 'WebhookEndpointList' });

export const webhookEndpointWithSecret = z
  .object({
    endpoint: webhookEndpoint,
    secret: z.string().describe('What receivers verify with: whsec_ and base64. Shown this once.'),
  })
  .meta({ id: 'WebhookEndpointWithSecret' });

export const webhookEventTypeList = z
  .object({
    eventTypes: z
      .array(
        z
          .object({
            type: eventType,
            description: z.string(),
            example: z.record(z.string(), z.unknown()).describe('A whole body.'),
          })
          .meta({ id: 'WebhookEventType' }),
      )
      .readonly(),
  })
  .meta({ id: 'WebhookEventTypeList' });

const deliveryFields = {
  id,
  eventId: id.describe('The webhook-id header of every try.'),
  eventType: sentType,
  state: z.enum(WEBHOOK_DELIVERY_STATES).describe('canceled: the endpoint was turned off while the message waited.'),
  createdAt: instant,
  attempts: z.number().int().describe('Tries so far.'),
  nextAttemptAt: instant.nullable(),
  settledAt: instant.nullable().describe('When it was delivered or given up.'),
};

const outcome = z.enum(WEBHOOK_OUTCOMES);
const status = z.number().int().nullable().describe('Of the answer; null when there was none.');

export const webhookDeliveryList = z
  .object({
    deliveries: z
      .array(
        z
          .object({ ...deliveryFields, lastAttempt: z.object({ outcome, status }).nullable() })
          .meta({ id: 'ListedWebhookDelivery' }),
      )
      .readonly(),
    next,
  })
  .meta({ id: 'WebhookDeliveryList' });

export const webhookDelivery = z
  .object({
    ...deliveryFields,
    body: z.string().describe('What is sent, to the byte.'),
    tries: z
      .array(
        z
          .object({
            number: z.number().int(),
            attemptedAt: instant,
            durationMs: z.number().int(),
            outcome,
            status,
            excerpt: z.string().describe('How the answer begins, or what went wrong: at most 1,000 characters.'),
          })
          .meta({ id: 'WebhookAttempt' }),
      )
      .readonly()
      .describe('The last 100, the newest first.'),
  })
  .meta({ id: 'WebhookDelivery' });

export const webhookDeliveryQuery = z.strictObject({
  ...pageQuery.shape,
  state: z.enum(WEBHOOK_DELIVERY_STATES).optional(),
  eventType: sentType.optional(),
});
