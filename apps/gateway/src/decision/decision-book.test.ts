import { FixedClock } from '#domain';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { GatewayCore } from '../gateway-core.js';
import { DecisionBook } from './decision-book.js';
import { noDecisions } from './decision-options.js';
import type { DecisionLog } from './log/decision-log.js';
import type { OpenDecision, SettlementWaiter } from './open-decision.js';
import type { CallReport } from './reports/call-report.js';
import type { ReportRelay } from './reports/report-relay.js';
import { Tickets } from './ticket.js';

const report: CallReport = {
  outcome: 'delivered',
  status: 404,
  wasUpstreamReached: true,
  bytesIn: 0,
  bytesOut: 0,
  seconds: 0,
  upstreamSeconds: null,
  attempts: 1,
  headers: {},
};
const tickets = new Tickets([{ id: '1', secret: Buffer.alloc(32, 1) }]);
const requestId = '01a20320-a200-7000-a5de-5460c7d66a26';
const ticket = tickets.write({ requestId, gatewayId: 'gateway-1' });

/** Settles when it is told to. */
class Settleable implements OpenDecision {
  readonly requestId = requestId;
  readonly record = '{}';
  readonly asked: { readonly report: CallReport | null; readonly waiter: SettlementWaiter }[] = [];
  abandoned = 0;
  isFaulty = false;

  settle(said: CallReport | null, waiter: SettlementWaiter): void {
    if (this.isFaulty) throw new Error('a fault of ours');
    this.asked.push({ report: said, waiter });
  }

  abandon(): void {
    this.abandoned++;
  }
}

let book: DecisionBook;
let clock: FixedClock;
let decision: Settleable;
let ended: string[];
beforeEach(() => {
  vi.useFakeTimers();
  ended = [];
  clock = new FixedClock(0);
  const core = {
    gatewayId: 'gateway-1',
    clock,
    journal: { state: 'writing' },
    log: { error: () => undefined },
  } as unknown as GatewayCore;
  const log = { begin: () => undefined, end: (id: string) => ended.push(id) } as unknown as DecisionLog;
  const options = { ...noDecisions, reportTimeoutMs: 60_000, maxOpen: 1 };
  book = new DecisionBook(core, options, 1, log, {} as ReportRelay, tickets);
  decision = new Settleable();
  book.keep(decision);
});
afterEach(() => void vi.useRealTimers());

/** Time goes on, and the book looks at what it holds. */
function pass(ms: number): void {
  clock.moveTo(clock.nowMs() + ms);
  vi.advanceTimersByTime(1_000);
}

describe('an admitted call', () => {
  it('is given to the journal again, with its report, when that has not taken it', () => {
    expect(book.report(ticket, report)).toBe('settled');
    decision.asked[0]!.waiter.onFailed();
    expect(book.hasRoom).toBe(false);
    expect(book.report(ticket, { ...report, status: 200 })).toBe('duplicate');
    book.settleAll();
    expect(decision.asked.map((asked) => asked.report?.status)).toEqual([404, 404]);
    expect(ended).toEqual([]);
    decision.asked[1]!.waiter.onRecorded();
    expect(ended).toEqual([requestId]);
    expect(book.hasRoom).toBe(true);
    book.settleAll();
    expect(decision.asked).toHaveLength(2);
  });

  it('is recorded once while it is on its way into the journal', () => {
    book.settleAll();
    expect(book.report(ticket, report)).toBe('duplicate');
    book.settleAll();
    expect(decision.asked.map((asked) => asked.report)).toEqual([null]);
    expect(book.counts).toMatchObject({ unreported: 1, reports: { duplicate: 1, settled: 0 } });
  });

  it('gives back what it holds after a fault of ours, and is not asked again', () => {
    decision.isFaulty = true;
    book.report(ticket, report);
    expect(decision.abandoned).toBe(1);
    expect(ended).toEqual([requestId]);
    book.settleAll();
    expect(decision.abandoned).toBe(1);
    expect(book.openCount).toBe(0);
  });

  it('is waited for as long as the proxy says that it goes on, but for an hour at most', () => {
    book.start();
    for (let minute = 0; minute < 59; minute++) {
      pass(59_000);
      book.keepWaiting(ticket);
    }
    expect(decision.asked).toEqual([]);
    for (let minute = 0; minute < 3; minute++) {
      pass(59_000);
      book.keepWaiting(ticket);
    }
    expect(decision.asked.map((asked) => asked.report)).toEqual([null]);
    expect(clock.nowMs()).toBeLessThanOrEqual(3_720_000);
  });

  it('is recorded when its time is over, and not before', () => {
    book.start();
    pass(59_999);
    expect(decision.asked).toEqual([]);
    pass(1);
    expect(decision.asked).toHaveLength(1);
    expect(book.counts.unreported).toBe(1);
  });

  it('is not kept waiting by who has no ticket for it', () => {
    book.start();
    pass(30_000);
    book.keepWaiting(`${requestId}.gateway-1.AAAAAAAAAAAAAAAAAAAAAA`);
    pass(30_000);
    expect(decision.asked).toHaveLength(1);
  });
});
