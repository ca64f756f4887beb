import { nowSeconds, type MovableClock } from './clock.js';
import { FaultPlan, noFaults } from './http/fault-plan.js';
import { StripeFault } from './http/stripe-fault.js';
import { newId } from './ids.js';
import { nextDueAt } from './resources/due.js';
import { newEvent } from './resources/event.js';
import { newThinEvent, type ThinContent, type ThinEvent, type ThinEventType } from './resources/thin-event.js';
import { ownClock, ownClockId } from './resources/test-clock.js';
import { isAdvancing, letTimePass } from './resources/time.js';
import type { Store } from './state/store.js';
import type { WebhookDelivery } from './webhooks/delivery.js';

/** What the events of a request say about it; both null for what a person does on a hosted page. */
export interface RequestOrigin {
  readonly id: string | null;
  readonly idempotencyKey: string | null;
}

/** What one request works with. */
export interface Call {
  readonly store: Store;
  /** Whole seconds, the same for all that the request does. */
  readonly now: number;
  /** Now by the sandbox's own clock, also where `now` is that of a test clock. */
  readonly ownNow: number;
  /** How long usage that came in is not counted yet, in seconds. */
  readonly usageDelay: number;
  /** The same call at another time: that of a test clock, or the instant at which something was due. */
  at(now: number): Call;
  /** Where the hosted pages are, without a slash at the end. */
  readonly baseUrl: string;
  /** Records an event with a snapshot of `object`, and sends it to the webhook once the request has committed. */
  emit(type: string, object: object, previousAttributes?: object): void;
  /** Records a thin event, and sends it to all that want it, or to the one destination that is named. */
  emitThin(type: ThinEventType, content: ThinContent, destination?: string): ThinEvent;
}

const eventsKeptSeconds = 30 * 24 * 3600;

/** The one place where state changes: every request runs in a transaction that holds its changes, events and answers. */
export class Sandbox {
  constructor(
    readonly store: Store,
    readonly clock: MovableClock,
    readonly baseUrl: string,
    readonly webhooks: WebhookDelivery,
    private readonly usageDelay = 0,
  ) {}

  /** Which requests go wrong from now on. */
  faults = new FaultPlan(noFaults, 0);

  /**
   * Moves the clock ahead, lets happen what is due by then, and tells the webhook endpoints of it as Stripe tells of a
   * test clock. An instant that has passed changes nothing.
   */
  moveClock(instantMs: number): void {
    if (instantMs <= this.clock.nowMs()) return;
    this.clock.moveTo(instantMs);
    this.perform({ id: null, idempotencyKey: null }, (call) => {
      call.store.put('clock_offset', { id: ownClockId, offsetMs: this.clock.offsetMs });
      call.emit('test_helpers.test_clock.ready', ownClock(call.now));
    });
    this.webhooks.clockMoved();
  }

  /** Runs `work` as one transaction; a `StripeFault` that keeps changes commits and is thrown on. */
  perform<T>(origin: RequestOrigin, work: (call: Call) => T): T {
    const { store } = this;
    const ownNow = nowSeconds(this.clock);
    const callAt = (now: number): Call => ({
      store,
      now,
      ownNow,
      usageDelay: this.usageDelay,
      baseUrl: this.baseUrl,
      at: callAt,
      emit: (type, object, previousAttributes) => {
        const endpoints = this.webhooks.endpointsFor(type);
        const event = newEvent(newId('evt'), type, object, previousAttributes, now, origin, endpoints.length);
        store.put('events', event);
        this.webhooks.schedule(event.id, endpoints);
      },
      emitThin: (type, content, destination) => {
        const event = store.put('thin_events', newThinEvent(type, content, now, origin));
        const endpoints = destination === undefined ? this.webhooks.endpointsFor(type, true) : [destination];
        this.webhooks.schedule(event.id, endpoints);
        return event;
      },
    });
    try {
      return store.transact(
        () => {
          this.forgetOldEvents(ownNow);
          letTimePass(callAt(ownNow));
          return work(callAt(ownNow));
        },
        (error) => error instanceof StripeFault && error.keepsChanges,
      );
    } finally {
      this.webhooks.wake();
    }
  }

  /** Lets happen what is due by now, without a request. */
  letTimePass(): void {
    const { store, clock } = this;
    const dueAt = nextDueAt({ store });
    if (!isAdvancing({ store }) && (dueAt === null || dueAt > nowSeconds(clock))) return;
    this.perform({ id: null, idempotencyKey: null }, () => undefined);
  }

  /** Stripe lists events of the last 30 days. */
  private forgetOldEvents(now: number): void {
    for (const event of this.store.oldestFirst('events')) {
      if (event.created > now - eventsKeptSeconds) break;
      this.store.delete('events', event.id);
    }
    for (const event of this.store.oldestFirst('thin_events')) {
      if (Date.parse(event.created) > (now - eventsKeptSeconds) * 1000) break;
      this.store.delete('thin_events', event.id);
    }
  }
}
