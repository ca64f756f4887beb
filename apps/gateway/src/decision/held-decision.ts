import type { JournalWaiter } from '#journal';
import type { Exchange } from '../exchange.js';
import type { GatewayCore } from '../gateway-core.js';
import type { Judgement } from '../metering/billability.js';
import { type Ended, recordEnding } from '../metering/record-ending.js';
import { endReservations } from '../policies/reserve-quota.js';
import { failRequest } from '../refuse.js';
import type { OpenDecision, SettlementWaiter } from './open-decision.js';
import { type CallReport, ReportedUnits, endingOf } from './reports/call-report.js';
import { noTraffic, unreportedEnding, unreportedJudgement } from './unreported.js';

/** A call that was admitted for another proxy: it holds what it has taken, until it is known how it ended. */
export class HeldDecision implements OpenDecision, JournalWaiter {
  private judgement: Judgement | null = null;
  private waiter: SettlementWaiter | null = null;

  constructor(
    private readonly gateway: GatewayCore,
    private readonly exchange: Exchange,
    readonly record: string,
    private readonly unreported: 'bill' | 'release',
  ) {}

  get requestId(): string {
    return this.exchange.requestId;
  }

  settle(report: CallReport | null, waiter: SettlementWaiter): void {
    const { gateway, exchange } = this;
    this.waiter = waiter;
    if (report === null) {
      const judgement = unreportedJudgement(exchange.account!.billability.ok, this.unreported);
      const ended: Ended = { ending: unreportedEnding, traffic: noTraffic, cost: null, upstreamMs: null };
      this.judgement = recordEnding(gateway, exchange, ended, this, judgement);
      return;
    }
    exchange.attempts = report.attempts;
    const ended: Ended = {
      ending: endingOf(report, exchange.operation!.billableWhen),
      traffic: report,
      cost: new ReportedUnits(report),
      upstreamMs: report.upstreamSeconds === null ? null : report.upstreamSeconds * 1000,
      totalMs: report.seconds * 1000,
    };
    this.judgement = recordEnding(gateway, exchange, ended, this);
  }

  onJournalled(segment: number): void {
    const { gateway, exchange } = this;
    gateway.watermark.journalled(exchange, segment);
    gateway.concurrency.leave(exchange);
    endReservations(exchange, this.judgement);
    this.waiter!.onRecorded();
  }

  /** In no file: it is tried again. In one that is not synced it will most likely be counted, as any other. */
  onJournalFailed(_error: Error, segment: number | null): void {
    if (segment === null) return this.waiter!.onFailed();
    this.onJournalled(segment);
  }

  abandon(): void {
    failRequest(this.gateway, this.exchange, new Error('an admitted call could not be recorded'));
  }
}
