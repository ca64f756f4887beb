import type { WebhookEventType } from './webhook-event.js';

export const WEBHOOK_RULES = {
  /** Of one organization. */
  maxEndpoints: 10,
  maxUrlLength: 2_048,
  maxDescriptionLength: 200,
  /** For how long the secret before can sign too, at most: 7 days. */
  maxOverlapSeconds: 604_800,
  /** Test messages of one endpoint that wait at the same time. */
  maxWaitingTests: 5,
  /** An endpoint that fails without a break for so long is turned off: 5 days. */
  maxFailingMs: 432_000_000,
  /** How long a message that is settled is kept with its tries: 30 days. */
  retentionMs: 2_592_000_000,
} as const;

/** `member`: somebody turned it off. `gone`: it answered 410. `failing`: it failed for too long. */
export const WEBHOOK_DISABLED_REASONS = ['member', 'gone', 'failing'] as const;
export type WebhookDisabledReason = (typeof WEBHOOK_DISABLED_REASONS)[number];

/** Where an organization wants to be told of what happens in it. Its secrets are elsewhere. */
export interface WebhookEndpoint {
  readonly id: string;
  readonly organizationId: string;
  readonly url: string;
  readonly description: string;
  readonly eventTypes: readonly WebhookEventType[];
  readonly createdAt: Date;
  /** Null while it is sent messages. */
  readonly disabledAt: Date | null;
  readonly disabledReason: WebhookDisabledReason | null;
  /** Since when no try has succeeded although some were made; null when the last one has. */
  readonly failingSince: Date | null;
  /** Until when the secret before signs too; null without an overlap. */
  readonly previousSecretEndsAt: Date | null;
}

/** `canceled`: its endpoint was turned off while it waited. */
export const WEBHOOK_DELIVERY_STATES = ['waiting', 'delivered', 'failed', 'canceled'] as const;
export type WebhookDeliveryState = (typeof WEBHOOK_DELIVERY_STATES)[number];

/** A message to one endpoint. */
export interface WebhookDelivery {
  readonly id: string;
  readonly organizationId: string;
  readonly endpointId: string;
  /** The `webhook-id` of every try; of one event the same for all endpoints. */
  readonly eventId: string;
  readonly eventType: WebhookEventType | 'webhook.test';
  readonly body: string;
  readonly state: WebhookDeliveryState;
  readonly createdAt: Date;
  /** Tries so far. */
  readonly attempts: number;
  /** Null when none is to come. */
  readonly nextAttemptAt: Date | null;
  /** When it was delivered or given up. */
  readonly settledAt: Date | null;
}

/**
 * What became of a try. `refused`: an answer that is neither 2xx nor a redirect; `redirected`: one that is, and was not
 * followed; `address_refused`: the name leads where nothing may be sent.
 */
export const WEBHOOK_OUTCOMES = [
  'delivered',
  'refused',
  'redirected',
  'timed_out',
  'unreachable',
  'address_refused',
] as const;
export type WebhookOutcome = (typeof WEBHOOK_OUTCOMES)[number];

/** One try of a delivery. */
export interface WebhookAttempt {
  readonly id: string;
  readonly organizationId: string;
  readonly deliveryId: string;
  /** 1 for the first. */
  readonly number: number;
  readonly attemptedAt: Date;
  readonly durationMs: number;
  readonly outcome: WebhookOutcome;
  /** Of the answer; null when there was none. */
  readonly status: number | null;
  /** How the answer begins, or what went wrong; bounded text without control characters. */
  readonly excerpt: string;
}
