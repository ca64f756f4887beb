import type { Outcome, UsageEvent } from '#domain';
import type { JournalWaiter } from '#journal';
import type { Exchange } from '../exchange.js';
import type { GatewayCore } from '../gateway-core.js';
import type { Judgement } from '../metering/billability.js';
import { CallCost } from '../metering/call-cost.js';
import { judge } from '../metering/judge.js';
import type { Metering } from '../metering/metering.js';
import { settleUsage } from '../metering/settle-usage.js';
import { type Traffic, usageEvent } from '../metering/usage-event.js';
import type { OpenRequest } from '../metering/watermark.js';
import { endReservations } from '../policies/reserve-quota.js';
import { type StandingVerdict, renewAccount, standing } from './renew-account.js';
import { SpanWaiter, StreamSpan } from './stream-span.js';

/** A stream as its meter sees it. */
export interface MeteredStream {
  /** What has passed since it began. */
  readonly traffic: Traffic;
  /** It has been open for long since its last row. */
  onOverdue(nowMs: number): void;
  /** A row could not be written: nothing more may pass. */
  onMeterFailed(): void;
}

/** Why a stream must end, in a word; `null` when it may go on. */
export type StreamEnd = Exclude<StandingVerdict, 'unchanged' | 'renewed'> | null;

/**
 * Writes the rows of a stream: (id, 0), (id, 1), … Each has what has passed since the row before, so that their sums are
 * the stream's whatever happens to the next one, and belongs to the period in which its span began. The first counts the
 * request, the last what values its meters have found in the whole stream; all but the last have the outcome `checkpoint`.
 */
export class StreamMeter implements JournalWaiter {
  private seq = 0;
  private counted: Traffic = { bytesIn: 0, bytesOut: 0 };
  private span: OpenRequest;

  constructor(
    private readonly gateway: GatewayCore,
    private readonly exchange: Exchange,
    private readonly status: number,
    private readonly stream: MeteredStream,
  ) {
    this.span = exchange;
    const { metering } = exchange.account!;
    if (metering.hasValues) exchange.cost ??= new CallCost(metering, null);
  }

  /** Writes what has passed up to now and begins a new span. The reservations of the request end with the first row. */
  checkpoint(waiter: JournalWaiter = this): void {
    const { gateway, exchange } = this;
    const nowMs = gateway.clock.nowMs();
    const { judgement, event } = this.row('checkpoint', nowMs);
    gateway.journal.append(event, new SpanWaiter(gateway.watermark, this.span, waiter));
    if (event.seq === 0 && !exchange.account!.metering.hasValues) endReservations(exchange, judgement);
    this.span = new StreamSpan(nowMs, (at) => this.stream.onOverdue(at));
    gateway.watermark.enter(this.span);
  }

  /** Looks whether the stream may go on under terms that may have changed; new terms begin with a new span. */
  review(nowMs: number): StreamEnd {
    const verdict = standing(this.gateway, this.exchange, nowMs);
    switch (verdict) {
      case 'unchanged':
        return null;
      case 'renewed':
        this.checkpoint();
        endReservations(this.exchange, null);
        renewAccount(this.gateway, this.exchange, nowMs);
        return null;
      case 'key_revoked':
      case 'key_expired':
      case 'identity_removed':
      case 'application_suspended':
      case 'not_subscribed':
        return verdict;
    }
  }

  /** Writes the last row; `reason` in the place of that of the table. Returns what the row means. */
  end(outcome: Outcome, reason: string | null, waiter: JournalWaiter): Judgement {
    const { judgement, event } = this.row(outcome, this.gateway.clock.nowMs());
    const last = reason === null ? event : { ...event, reason };
    this.gateway.journal.append(last, new SpanWaiter(this.gateway.watermark, this.span, waiter));
    endReservations(this.exchange, judgement);
    return judgement;
  }

  onJournalled(): void {}

  onJournalFailed(): void {
    this.stream.onMeterFailed();
  }

  private row(outcome: Outcome, nowMs: number): { judgement: Judgement; event: UsageEvent } {
    const { exchange, gateway, counted, status } = this;
    const { bytesIn, bytesOut } = this.stream.traffic;
    const passed = { bytesIn: bytesIn - counted.bytesIn, bytesOut: bytesOut - counted.bytesOut };
    this.counted = { bytesIn, bytesOut };
    const { cost } = exchange;
    const isLast = outcome !== 'checkpoint';
    if (isLast) cost?.end();
    const isSoftError = cost !== null && cost.isSoftError;
    const ending = { outcome, status, wasUpstreamReached: true, isSoftError };
    const { billability, metering } = exchange.account!;
    const judgement = judge(ending, billability, exchange.operation!.route);
    if (isLast) exchange.settled = settleUsage(metering, judgement, cost, this.counted);
    const event = usageEvent(gateway.gatewayId, exchange, ending, judgement, passed, nowMs);
    const seq = this.seq++;
    if (seq === 0 && (isLast || !metering.hasValues)) return { judgement, event };
    return { judgement, event: { ...event, seq, quantities: partOf(metering, event.quantities, seq === 0, isLast) } };
  }
}

/** Meters that every call counts the same are in the first row, those of values in the last. */
function partOf(
  { perMeter }: Metering,
  quantities: UsageEvent['quantities'],
  isFirst: boolean,
  isLast: boolean,
): UsageEvent['quantities'] {
  const part: Record<string, string> = {};
  for (const { meter, value } of perMeter) {
    const quantity = quantities[meter];
    if (quantity !== undefined && (value === null ? isFirst : isLast)) part[meter] = quantity;
  }
  return part;
}
