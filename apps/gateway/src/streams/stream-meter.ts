import { type MeterValueSource, type Outcome, type UsageEvent, bytesWithin, microToDecimal } from '#domain';
import type { JournalWaiter } from '#journal';
import type { Exchange } from '../exchange.js';
import type { GatewayCore } from '../gateway-core.js';
import type { Judgement } from '../metering/billability.js';
import { CallCost } from '../metering/call-cost.js';
import { judge } from '../metering/judge.js';
import type { MeteredQuantity } from '../metering/metering.js';
import { microOf } from '../metering/micro.js';
import { type Traffic, usageEvent } from '../metering/usage-event.js';
import type { OpenRequest } from '../metering/watermark.js';
import { type StreamEnd, standing } from './standing.js';
import { StreamQuantities } from './stream-quantities.js';
import { type ReserveRefusal, StreamReserve } from './stream-reserve.js';
import { SpanWaiter, StreamSpan } from './stream-span.js';

const SWITCHING_PROTOCOLS = 101;

/** A stream as its meter sees it. */
export interface MeteredStream {
  /** What has passed since it began. */
  readonly traffic: Traffic;
  /** It has been open for long since its last row. */
  onOverdue(nowMs: number): void;
  /** A row could not be written: nothing more may pass. */
  onMeterFailed(): void;
  /** Units were reserved for what is to come, or why not all of them could be. */
  onReserve(refusal: ReserveRefusal | null): void;
}

/**
 * Writes the rows of a stream: (id, 0), (id, 1), … Each has what has passed since the row before, so that their sums are
 * the stream's whatever happens to the next one, and belongs to the period in which its span began. The first counts the
 * request; all but the last have the outcome `checkpoint`. Units for what is to come are reserved as it goes on.
 */
export class StreamMeter implements JournalWaiter {
  private seq = 0;
  private counted: Traffic = { bytesIn: 0, bytesOut: 0, messages: 0 };
  private countedSeconds = 0;
  private span: OpenRequest;
  private judgement: Judgement | null = null;
  private isEnded = false;
  private readonly quantities: StreamQuantities;
  private readonly reserve = new StreamReserve();

  constructor(
    private readonly gateway: GatewayCore,
    private readonly exchange: Exchange,
    private readonly status: number,
    private readonly stream: MeteredStream,
  ) {
    this.span = exchange;
    this.quantities = new StreamQuantities(status === SWITCHING_PROTOCOLS);
    this.beginMetering();
  }

  /** Writes what has passed up to now and begins a new span. */
  checkpoint(waiter: JournalWaiter = this): void {
    this.writeRow(waiter);
    this.extend();
  }

  /** Reserves for what is to come, and tells the stream, unless this is under way. */
  extend(): void {
    if (this.isEnded || !this.exchange.account!.metering.hasValues) return;
    const { reserve, stream } = this;
    const isWebSocket = this.status === SWITCHING_PROTOCOLS;
    // Other answers may end so that what has passed does not count.
    if (isWebSocket && this.judgement !== null) reserve.spendAhead(this.uncountedOf, this.judgement);
    const onReserve = (refusal: ReserveRefusal | null): void => {
      if (!this.isEnded) stream.onReserve(refusal);
    };
    reserve.topUp(this.targetOf, isWebSocket, { onReserve });
  }

  /** How much from a source may have passed since the beginning, as far as what is reserved pays for it. */
  limitOf(from: MeterValueSource): number {
    const { metering } = this.exchange.account!;
    let added = Infinity;
    for (const { meter, value } of metering.perMeter) {
      if (value?.from !== from || this.judgement === null) continue;
      const room = this.reserve.room(meter, this.judgement);
      if (room !== Infinity) added = Math.min(added, bytesWithin(microToDecimal(BigInt(room)), value.weight));
    }
    return added + this.rawOf(from, this.counted, this.countedSeconds);
  }

  /** As many seconds have passed as are reserved. */
  get isTimeUp(): boolean {
    const { cost } = this.exchange;
    return cost !== null && cost.seconds >= this.limitOf('seconds');
  }

  /**
   * Looks whether the stream may go on, and returns why not; null when it may. Where terms or meters have changed a new span
   * begins under those of now.
   */
  review(nowMs: number): StreamEnd | null {
    const { gateway, exchange } = this;
    const found = standing(gateway, exchange, nowMs);
    if (typeof found === 'string') return found;
    const { operation, account } = found;
    const before = exchange.account!;
    if (account === before) {
      exchange.operation = operation;
      return null;
    }
    this.writeRow(this);
    this.reserve.release();
    exchange.operation = operation;
    exchange.account = account;
    this.beginMetering();
    if (account.metering !== before.metering && exchange.cost !== null)
      this.quantities.renew(before.metering, account.metering, exchange.cost, this.counted);
    this.reserve.begin(exchange, account.terms);
    this.extend();
    return null;
  }

  /** Writes the last row; `reason` in the place of that of the table. Returns what the row means. */
  end(outcome: Outcome, reason: string | null, waiter: JournalWaiter): Judgement {
    this.isEnded = true;
    const { judgement, event } = this.row(outcome, this.gateway.clock.nowMs());
    const last = reason === null ? event : { ...event, reason };
    this.gateway.journal.append(last, new SpanWaiter(this.gateway.watermark, this.span, waiter));
    this.reserve.release();
    return judgement;
  }

  /** Writes nothing more, after a fault: what has passed since the row before is in none. */
  abandon(): void {
    this.isEnded = true;
    this.gateway.watermark.leave(this.span);
    this.reserve.release();
  }

  onJournalled(): void {}

  onJournalFailed(): void {
    this.stream.onMeterFailed();
  }

  private beginMetering(): void {
    const { exchange, gateway } = this;
    const { metering } = exchange.account!;
    if (metering.hasValues) exchange.cost ??= new CallCost(metering, null, gateway.clock);
  }

  private writeRow(waiter: JournalWaiter): void {
    const { gateway } = this;
    const nowMs = gateway.clock.nowMs();
    const { event } = this.row('checkpoint', nowMs);
    gateway.journal.append(event, new SpanWaiter(gateway.watermark, this.span, waiter));
    const span = new StreamSpan(nowMs, (at) => {
      // One whose row is on its way to the journal is still there.
      if (this.span === span) this.stream.onOverdue(at);
    });
    this.span = span;
    gateway.watermark.enter(span);
  }

  private row(outcome: Outcome, nowMs: number): { judgement: Judgement; event: UsageEvent } {
    const { exchange, gateway, counted, status, reserve } = this;
    const { bytesIn, bytesOut, messages = 0 } = this.stream.traffic;
    const passed = { bytesIn: bytesIn - counted.bytesIn, bytesOut: bytesOut - counted.bytesOut };
    this.counted = { bytesIn, bytesOut, messages };
    const { cost } = exchange;
    const isLast = outcome !== 'checkpoint';
    if (isLast) cost?.end();
    this.countedSeconds = cost?.seconds ?? 0;
    const isSoftError = cost !== null && cost.isSoftError;
    const ending = { outcome, status, wasUpstreamReached: true, isSoftError };
    const { billability, metering } = exchange.account!;
    const judgement = judge(ending, billability, exchange.operation!.route);
    this.judgement = judgement;
    const seq = this.seq++;
    if (seq === 0) reserve.adopt(exchange, judgement);
    const room = (meter: string): number => reserve.room(meter, judgement);
    const input = { metering, judgement, cost, traffic: this.counted, isFirst: seq === 0, isLast, room };
    const usage = this.quantities.row(input);
    reserve.spend(usage.quantities, judgement);
    if (usage.isEstimated || usage.overrun !== null) gateway.metrics.countSettled(usage);
    const event = usageEvent(gateway.gatewayId, exchange, ending, judgement, passed, nowMs);
    const { quantities, isEstimated, overrun } = usage;
    return {
      judgement,
      event: { ...event, seq, quantities, estimated: isEstimated || undefined, overrun: overrun ?? undefined },
    };
  }

  /** What a meter should have in hand, in millionths. */
  private readonly targetOf = (metered: MeteredQuantity): number => {
    if (this.quantities.isRenewed(metered.value!)) return metered.micro + this.uncountedOf(metered);
    return Math.max(0, metered.micro - microOf(this.quantities.countedOf(metered)));
  };

  /** What has passed since the last row, in millionths. */
  private readonly uncountedOf = (metered: MeteredQuantity): number => {
    const { cost } = this.exchange;
    const passed = cost === null ? null : cost.units(metered.value!, this.stream.traffic);
    return passed === null ? 0 : Math.max(0, microOf(passed) - microOf(this.quantities.countedOf(metered)));
  };

  private rawOf(from: MeterValueSource, { bytesIn, bytesOut, messages = 0 }: Traffic, seconds: number): number {
    switch (from) {
      case 'request_bytes':
        return bytesIn;
      case 'response_bytes':
        return bytesOut;
      case 'messages':
        return messages;
      case 'seconds':
        return seconds;
      case 'response_header':
      case 'response_json':
        return 0;
    }
  }
}
