import { randomInt } from 'node:crypto';
import { nowSeconds, type SandboxClock } from '../clock.js';
import { newId } from '../ids.js';
import { endpointOf } from '../resources/event-destination.js';
import { apiVersion } from '../resources/event.js';
import { notificationOf } from '../resources/thin-event.js';
import type { Store } from '../state/store.js';
import { configuredDestinationId, configuredEndpointId, takes, type WebhookEndpoint } from './endpoint.js';
import { signatureHeader } from './signature.js';

/** What is done to webhooks, for tests of their receiver. */
export interface WebhookDisturbance {
  /** Sends every event twice. */
  readonly duplicate: boolean;
  /** Waits this long before the first attempt, in milliseconds. */
  readonly delayMs: number;
  /** Sends events in random order. */
  readonly shuffle: boolean;
}

export interface WebhookOptions extends Partial<WebhookDisturbance> {
  /** Where events go besides the endpoints that requests create; without it only to those. */
  readonly url?: string | undefined;
  /** Signs the events; several with commas between them while a secret is being rolled. */
  readonly secret: string;
  /** Waits between the attempts for one event, by the sandbox's clock; one attempt more than waits. */
  readonly retryDelaysMs?: readonly number[];
}

/** An event that an endpoint has not acknowledged; kept with the state, so that a restart sends it again. */
export interface PendingDelivery {
  readonly id: string;
  readonly event: string;
  readonly endpoint: string;
  readonly attempts: number;
  /** Of an event that is sent twice, or again by hand: its acknowledgement counts for nothing. */
  readonly isCopy: boolean;
  /** Milliseconds by the sandbox's clock. */
  readonly dueMs: number;
}

/** What came of an attempt: the status of the answer, or null when there was none. */
export interface DeliveryResult {
  readonly status: number | null;
  readonly atSeconds: number;
}

/** About an hour in all: long enough to start the receiver, or to restart it. */
const defaultRetryDelaysMs = [200, 500, 1000, 2000, 5000, 10_000, 30_000, 60_000, ...Array<number>(12).fill(300_000)];
const parallelDeliveries = 4;
const timeoutMs = 10_000;
const shuffleWithinMs = 150;
const longestTimerMs = 2 ** 31 - 1;
const resultsKept = 1000;

/** Sends events to the endpoints: at least once each, in no promised order, with back-off until they say 2xx. */
export class WebhookDelivery {
  /** What is done to webhooks from now on. */
  disturbance: WebhookDisturbance;
  private readonly due: string[] = [];
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private readonly closing = new AbortController();
  private readonly running = new Set<Promise<void>>();
  private readonly results = new Map<string, DeliveryResult>();
  private scheduled: string[] = [];

  constructor(
    private readonly store: Store,
    private readonly clock: SandboxClock,
    private readonly options: WebhookOptions,
  ) {
    const { duplicate = false, delayMs = 0, shuffle = false } = options;
    this.disturbance = { duplicate, delayMs, shuffle };
    // The endpoint may be back as well: nothing waits after a restart.
    for (const delivery of store.oldestFirst('webhook_deliveries')) this.due.push(delivery.id);
  }

  /** All endpoints, that of the command line first. */
  endpoints(): WebhookEndpoint[] {
    const { url, secret } = this.options;
    const stored = [...this.store.all('webhook_endpoints'), ...this.store.all('event_destinations').map(endpointOf)];
    if (url === undefined) return stored;
    const configured: WebhookEndpoint = {
      id: configuredEndpointId,
      object: 'webhook_endpoint',
      api_version: apiVersion,
      application: null,
      created: 0,
      description: 'Set on the command line',
      enabled_events: ['*'],
      livemode: false,
      metadata: {},
      status: 'enabled',
      url,
      secrets: secret.split(','),
    };
    return [configured, { ...configured, id: configuredDestinationId, isThin: true }, ...stored];
  }

  /** The ids of the endpoints that want events of the type, thin ones or else snapshots. */
  endpointsFor(type: string, isThin = false): string[] {
    return this.endpoints()
      .filter((endpoint) => (endpoint.isThin ?? false) === isThin && takes(endpoint, type))
      .map(({ id }) => id);
  }

  /** Notes the event for delivery, in the transaction that made it. */
  schedule(eventId: string, endpointIds: readonly string[]): void {
    for (const endpoint of endpointIds) {
      this.add(eventId, endpoint, false);
      if (this.disturbance.duplicate) this.add(eventId, endpoint, true);
    }
  }

  /** Sends an event once more to all that want it, whatever became of it before. */
  resend(eventId: string): void {
    this.store.transact(() => {
      const thin = this.store.get('thin_events', eventId);
      const event = thin ?? this.store.get('events', eventId);
      for (const endpoint of event ? this.endpointsFor(event.type, thin !== undefined) : []) {
        const id = newId('whd');
        const dueMs = this.clock.nowMs();
        this.store.put('webhook_deliveries', { id, event: eventId, endpoint, attempts: 0, isCopy: false, dueMs });
        this.due.push(id);
      }
    });
    this.fill();
  }

  /** What came of the last attempt for the event, if it was since the start. */
  resultOf(eventId: string): DeliveryResult | undefined {
    return this.results.get(eventId);
  }

  /** Begins with what was scheduled; a delivery whose transaction was undone no longer exists, and is passed over. */
  wake(): void {
    for (const id of this.scheduled.splice(0)) this.later(id);
    this.fill();
  }

  /** After the clock was moved: what is due by now is sent. */
  clockMoved(): void {
    const waiting = [...this.timers.keys()];
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.timers.clear();
    for (const id of waiting) this.later(id);
    this.fill();
  }

  /** Stops sending; what is not acknowledged stays pending. */
  async close(): Promise<void> {
    this.closing.abort();
    for (const timer of this.timers.values()) clearTimeout(timer);
    await Promise.allSettled(this.running);
  }

  private add(event: string, endpoint: string, isCopy: boolean): void {
    const { delayMs, shuffle } = this.disturbance;
    const dueMs = this.clock.nowMs() + delayMs + (shuffle ? randomInt(shuffleWithinMs) : 0);
    const delivery = { id: newId('whd'), event, endpoint, attempts: 0, isCopy, dueMs };
    this.store.put('webhook_deliveries', delivery);
    this.scheduled.push(delivery.id);
  }

  private fill(): void {
    while (this.running.size < parallelDeliveries && this.due.length > 0 && !this.closing.signal.aborted) {
      const delivery = this.store.get('webhook_deliveries', this.due.shift()!);
      if (delivery === undefined) continue;
      const run = this.attempt(delivery)
        .catch((error: unknown) => console.error('stripe-sandbox: a webhook could not be recorded:', error))
        .finally(() => {
          this.running.delete(run);
          this.fill();
        });
      this.running.add(run);
    }
  }

  private async attempt(delivery: PendingDelivery): Promise<void> {
    const thin = this.store.get('thin_events', delivery.event);
    const event = thin ? notificationOf(thin) : this.store.get('events', delivery.event);
    const endpoint = this.endpoints().find(({ id }) => id === delivery.endpoint);
    const isGone = event === undefined || endpoint === undefined;
    const status = isGone ? null : await this.send(endpoint, JSON.stringify(event, null, 2));
    const acknowledged = status !== null && status >= 200 && status < 300;
    if (this.closing.signal.aborted && !acknowledged) return;
    this.note(delivery.event, status);
    const delays = this.options.retryDelaysMs ?? defaultRetryDelaysMs;
    const delayMs = isGone || acknowledged ? undefined : delays[delivery.attempts];
    this.store.transact(() => {
      if (delayMs === undefined) this.store.delete('webhook_deliveries', delivery.id);
      else {
        const dueMs = this.clock.nowMs() + delayMs;
        this.store.put('webhook_deliveries', { ...delivery, attempts: delivery.attempts + 1, dueMs });
      }
      const current = acknowledged && !delivery.isCopy ? this.store.get('events', delivery.event) : undefined;
      if (current && current.pending_webhooks > 0) {
        this.store.put('events', { ...current, pending_webhooks: current.pending_webhooks - 1 });
      }
    });
    if (delayMs !== undefined) this.later(delivery.id);
    await this.store.flushed();
  }

  /** The status of the answer; null when there is none in time. */
  private async send(endpoint: WebhookEndpoint, body: string): Promise<number | null> {
    try {
      const response = await fetch(endpoint.url, {
        method: 'POST',
        body,
        redirect: 'manual',
        signal: AbortSignal.any([this.closing.signal, AbortSignal.timeout(timeoutMs)]),
        headers: {
          'content-type': 'application/json; charset=utf-8',
          'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
          'stripe-signature': signatureHeader(endpoint.secrets, body, nowSeconds(this.clock)),
        },
      });
      await response.body?.cancel();
      return response.status;
    } catch {
      // Refused, reset or too slow: the endpoint is not there yet, and the event is sent again.
      return null;
    }
  }

  private note(eventId: string, status: number | null): void {
    this.results.delete(eventId);
    this.results.set(eventId, { status, atSeconds: nowSeconds(this.clock) });
    const [oldest] = this.results.keys();
    if (this.results.size > resultsKept && oldest !== undefined) this.results.delete(oldest);
  }

  private later(id: string): void {
    const delivery = this.store.get('webhook_deliveries', id);
    if (delivery === undefined) return;
    const waitMs = delivery.dueMs - this.clock.nowMs();
    if (waitMs <= 0) {
      this.due.push(id);
      return;
    }
    const timer = setTimeout(
      () => {
        this.timers.delete(id);
        this.later(id);
        this.fill();
      },
      Math.min(waitMs, longestTimerMs),
    );
    this.timers.set(id, timer);
  }
}
