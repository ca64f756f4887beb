import type { JournalWaiter } from '#journal';
import type { Exchange } from '../exchange.js';
import type { GatewayCore } from '../gateway-core.js';
import { endReservations } from '../policies/reserve-quota.js';
import { logFault } from '../refuse.js';
import { reportAdmitted } from '../reporting/report.js';
import type { Judgement } from './billability.js';
import type { UnitReader } from './call-cost.js';
import { type Ending, judge } from './judge.js';
import { settleUsage } from './settle-usage.js';
import { type Traffic, usageEvent } from './usage-event.js';

/** How an admitted request has ended, and what passed of it. */
export interface Ended {
  readonly ending: Ending;
  readonly traffic: Traffic;
  /** Null when every call of the operation costs the same. */
  readonly cost: UnitReader | null;
  /** Until the head of the upstream's answer; null when there was none. */
  readonly upstreamMs: number | null;
  /** From the head of the request to the end of the answer, where that is not now. */
  readonly totalMs?: number | undefined;
}

/**
 * Gives the one usage event of an admitted request to the journal, which tells the waiter, and reports the request. Returns
 * what the call means under its plan, which is `judgement` where it is given. When it throws, there is no event, and the waiter is not told.
 */
export function recordEnding(
  gateway: GatewayCore,
  exchange: Exchange,
  { ending, traffic, cost, upstreamMs, totalMs }: Ended,
  waiter: JournalWaiter,
  judgement: Judgement = judge(ending, exchange.account!.billability, exchange.operation!.route),
): Judgement {
  const { metering } = exchange.account!;
  exchange.settled = settleUsage(metering, judgement, cost, traffic);
  if (exchange.settled !== null) gateway.metrics.countSettled(exchange.settled);
  const endedAtMs = gateway.clock.nowMs();
  const event = usageEvent(gateway.gatewayId, exchange, ending, judgement, traffic, endedAtMs);
  gateway.journal.append(event, waiter);
  try {
    reportAdmitted(gateway, exchange, event, upstreamMs, totalMs, endedAtMs);
  } catch (error) {
    logFault(gateway, exchange, error);
  }
  return judgement;
}

/**
 * Ends a request whose event the journal could not keep as it should: what cannot be recorded is not delivered, and the caller sees a
 * connection that breaks off. What it has used is given back only where its event is in no segment; else it will most likely be counted.
 */
export function endUnrecorded(
  gateway: GatewayCore,
  exchange: Exchange,
  judgement: Judgement | null,
  segment: number | null,
): void {
  if (segment === null) gateway.watermark.leave(exchange);
  else gateway.watermark.journalled(exchange, segment);
  gateway.concurrency.leave(exchange);
  endReservations(exchange, segment === null ? null : judgement);
  exchange.breakOff();
}
