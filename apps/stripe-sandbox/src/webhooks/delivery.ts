import { randomInt } from 'node:crypto';
import { nowSeconds, type SandboxClock } from '../clock.js';
import { newId } from '../ids.js';
import type { Store } from '../state/store.js';
import { signatureHeader } from './signature.js';

export interface WebhookOptions {
  /** Where events go; without it none are sent. */
  readonly url?: string | undefined;
  readonly secret: string;
  /** Sends every event twice, for tests of the receiver. */
  readonly duplicate?: boolean;
  /** Sends events in random order, for tests of the receiver. */
  readonly shuffle?: boolean;
  /** Waits between the attempts for one event; one attempt more than waits. */
  readonly retryDelaysMs?: readonly number[];
}

/** An event that its endpoint has not acknowledged; kept with the state, so that a restart sends it again. */
export interface PendingDelivery {
  readonly id: string;
  readonly event: string;
  readonly attempts: number;
}

/** About an hour in all: long enough to start the receiver, or to restart it. */
const defaultRetryDelaysMs = [200, 500, 1000, 2000, 5000, 10_000, 30_000, 60_000, ...Array<number>(12).fill(300_000)];
const parallelDeliveries = 4;
const timeoutMs = 10_000;
const shuffleWithinMs = 150;

/** Sends events to the webhook endpoint: at least once each, in no promised order, with back-off until it says 2xx. */
export class WebhookDelivery {
  private readonly due: string[] = [];
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private readonly closing = new AbortController();
  private readonly running = new Set<Promise<void>>();
  private scheduled: string[] = [];

  constructor(
    private readonly store: Store,
    private readonly clock: SandboxClock,
    private readonly options: WebhookOptions,
  ) {
    for (const delivery of store.oldestFirst('webhook_deliveries')) this.scheduled.push(delivery.id);
  }

  get endpointCount(): number {
    return this.options.url === undefined ? 0 : 1;
  }

  /** Notes the event for delivery, in the transaction that made it. */
  schedule(eventId: string): void {
    if (this.options.url === undefined) return;
    for (let copy = 0; copy < (this.options.duplicate ? 2 : 1); copy++) {
      const delivery = this.store.put('webhook_deliveries', { id: newId('whd'), event: eventId, attempts: 0 });
      this.scheduled.push(delivery.id);
    }
  }

  /** Begins with what was scheduled; a delivery whose transaction was undone no longer exists, and is passed over. */
  wake(): void {
    for (const id of this.scheduled.splice(0)) {
      if (this.options.shuffle) this.later(id, randomInt(shuffleWithinMs));
      else this.due.push(id);
    }
    this.fill();
  }

  /** Stops sending; what is not acknowledged stays pending. */
  async close(): Promise<void> {
    this.closing.abort();
    for (const timer of this.timers.values()) clearTimeout(timer);
    await Promise.allSettled(this.running);
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
    const event = this.store.get('events', delivery.event);
    const acknowledged = event === undefined || (await this.send(JSON.stringify(event, null, 2)));
    if (this.closing.signal.aborted && !acknowledged) return;
    const delays = this.options.retryDelaysMs ?? defaultRetryDelaysMs;
    const delayMs = acknowledged ? undefined : delays[delivery.attempts];
    this.store.transact(() => {
      if (delayMs === undefined) this.store.delete('webhook_deliveries', delivery.id);
      else this.store.put('webhook_deliveries', { ...delivery, attempts: delivery.attempts + 1 });
      const current = acknowledged ? this.store.get('events', delivery.event) : undefined;
      if (current) this.store.put('events', { ...current, pending_webhooks: 0 });
    });
    if (delayMs !== undefined) this.later(delivery.id, delayMs);
    await this.store.flushed();
  }

  private async send(body: string): Promise<boolean> {
    try {
      const response = await fetch(this.options.url!, {
        method: 'POST',
        body,
        redirect: 'manual',
        signal: AbortSignal.any([this.closing.signal, AbortSignal.timeout(timeoutMs)]),
        headers: {
          'content-type': 'application/json; charset=utf-8',
          'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
          'stripe-signature': signatureHeader(this.options.secret, body, nowSeconds(this.clock)),
        },
      });
      await response.body?.cancel();
      return response.ok;
    } catch {
      // Refused, reset or too slow: the endpoint is not there yet, and the event is sent again.
      return false;
    }
  }

  private later(id: string, delayMs: number): void {
    const timer = setTimeout(() => {
      this.timers.delete(id);
      this.due.push(id);
      this.fill();
    }, delayMs);
    this.timers.set(id, timer);
  }
}
