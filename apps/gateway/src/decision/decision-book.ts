import type { GatewayCore } from '../gateway-core.js';
import type { DecisionOptions } from './decision-options.js';
import type { DecisionLog } from './log/decision-log.js';
import type { OpenDecision } from './open-decision.js';
import { RecentIds } from './recent-ids.js';
import type { CallReport } from './reports/call-report.js';
import { type ReportRelay, readPassedReports } from './reports/report-relay.js';
import { Tickets } from './ticket.js';

/**
 * What became of a report. `settled`: the call is recorded by it. `duplicate`: it was before. `late`: this gateway does not wait for
 * it any more. `passed_on`: another gateway has admitted the call, and is told. `invalid`: no gateway has written the ticket.
 */
export type ReportVerdict = 'settled' | 'duplicate' | 'late' | 'passed_on' | 'invalid';

const remembered = 50_000;
const defaultSweepMs = 250;
/** A call of which the proxy says again and again that it goes on is waited for so long at most; or as long as any, where that is longer. */
const longestMs = 3_600_000;

interface Kept {
  readonly decision: OpenDecision;
  /** When its proxy was last heard of. */
  seenMs: number;
  /** So long it may go on; a call without an end would hold back the closing of periods. */
  readonly untilMs: number;
}

/** One that the journal has not taken. */
interface Unwritten {
  readonly decision: OpenDecision;
  readonly report: CallReport | null;
}

/** How many calls ended in which way, since the start. */
export interface DecisionCounts {
  readonly reports: Record<ReportVerdict, number>;
  /** Calls that were recorded without a report. */
  unreported: number;
  /** Reports about calls of other gateways that these could not be told of. */
  lost: number;
}

/** All admitted calls of this gateway that wait for their reports. Each is recorded once, by whatever comes first. */
export class DecisionBook {
  readonly counts: DecisionCounts = {
    reports: { settled: 0, duplicate: 0, late: 0, passed_on: 0, invalid: 0 },
    unreported: 0,
    lost: 0,
  };
  readonly tickets: Tickets;
  /** In the order in which their proxies were last heard of. */
  private readonly open = new Map<string, Kept>();
  /** On their way into the journal. */
  private readonly settling = new Set<string>();
  private unwritten = new Map<string, Unwritten>();
  private readonly settled = new RecentIds(remembered);
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly gateway: GatewayCore,
    readonly options: DecisionOptions,
    /** Of the gateway. */
    readonly epoch: number,
    private readonly log: DecisionLog,
    private readonly relay: ReportRelay,
    tickets: Tickets,
  ) {
    this.tickets = tickets;
  }

  get openCount(): number {
    return this.open.size + this.settling.size + this.unwritten.size;
  }

  get hasRoom(): boolean {
    return this.openCount < this.options.maxOpen;
  }

  /** Keeps an admitted call, on disk as well. @throws when the disk does not take it: then it is not kept. */
  keep(decision: OpenDecision): void {
    this.log.begin(decision.requestId, decision.record);
    const nowMs = this.gateway.clock.nowMs();
    const untilMs = nowMs + Math.max(longestMs, this.options.reportTimeoutMs);
    this.open.set(decision.requestId, { decision, seenMs: nowMs, untilMs });
  }

  /** Forgets one that has come to nothing; what it holds is given back by who asks for this. */
  drop(requestId: string): void {
    if (this.open.delete(requestId)) this.log.end(requestId);
  }

  /** Takes the report about a call. Told again, or later than anybody waits, it changes nothing. */
  report(ticket: string, report: CallReport): ReportVerdict {
    const verdict = this.take(ticket, report);
    this.counts.reports[verdict]++;
    return verdict;
  }

  private take(text: string, report: CallReport): ReportVerdict {
    const ticket = this.tickets.read(text);
    if (ticket === null) return 'invalid';
    const { requestId, gatewayId } = ticket;
    if (gatewayId !== this.gateway.gatewayId) {
      this.relay.passOn(text, report);
      return 'passed_on';
    }
    const kept = this.open.get(requestId);
    if (kept !== undefined) {
      this.settle(requestId, kept.decision, report);
      return 'settled';
    }
    const isKnown = this.settling.has(requestId) || this.unwritten.has(requestId) || this.settled.has(requestId);
    return isKnown ? 'duplicate' : 'late';
  }

  /** The proxy says that a call goes on: its time begins again. */
  keepWaiting(text: string): void {
    const ticket = this.tickets.read(text);
    if (ticket === null) return;
    const { requestId, gatewayId } = ticket;
    if (gatewayId !== this.gateway.gatewayId) return this.relay.passOn(text, null);
    const kept = this.open.get(requestId);
    const nowMs = this.gateway.clock.nowMs();
    if (kept === undefined || nowMs + this.options.reportTimeoutMs > kept.untilMs) return;
    kept.seenMs = nowMs;
    this.open.delete(requestId);
    this.open.set(requestId, kept);
  }

  /** Takes what other gateways pass on; most of it is for others. */
  takePassedOn(text: string): void {
    for (const [ticketText, report] of readPassedReports(text)) {
      if (this.tickets.read(ticketText)?.gatewayId !== this.gateway.gatewayId) continue;
      if (report === null) this.keepWaiting(ticketText);
      else this.report(ticketText, report);
    }
  }

  start(): void {
    this.timer = setInterval(this.sweep, this.options.sweepMs ?? defaultSweepMs).unref();
  }

  /** Records everything that is open, without waiting any more. */
  settleAll(): void {
    clearInterval(this.timer);
    this.writeAgain();
    for (const [requestId, { decision }] of this.open) this.settleUnreported(requestId, decision);
  }

  private readonly sweep = (): void => {
    if (this.gateway.journal.state !== 'writing') return;
    this.writeAgain();
    const overMs = this.gateway.clock.nowMs() - this.options.reportTimeoutMs;
    for (const [requestId, { decision, seenMs }] of this.open) {
      if (seenMs > overMs) break;
      this.settleUnreported(requestId, decision);
    }
  };

  private writeAgain(): void {
    const { unwritten } = this;
    if (unwritten.size === 0) return;
    this.unwritten = new Map();
    for (const [requestId, { decision, report }] of unwritten) this.settle(requestId, decision, report);
  }

  private settleUnreported(requestId: string, decision: OpenDecision): void {
    this.counts.unreported++;
    this.settle(requestId, decision, null);
  }

  private settle(requestId: string, decision: OpenDecision, report: CallReport | null): void {
    this.open.delete(requestId);
    this.settling.add(requestId);
    try {
      decision.settle(report, {
        onRecorded: () => this.end(requestId),
        onFailed: () => {
          this.settling.delete(requestId);
          this.unwritten.set(requestId, { decision, report });
        },
      });
    } catch (error) {
      this.gateway.log.error({ err: error, requestId }, 'an admitted call could not be recorded');
      decision.abandon();
      this.end(requestId);
    }
  }

  private end(requestId: string): void {
    this.settling.delete(requestId);
    this.settled.add(requestId);
    this.log.end(requestId);
  }
}
