import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CallReport } from './call-report.js';
import { ReportRelay, readPassedReports } from './report-relay.js';

const report: CallReport = {
  outcome: 'delivered',
  status: 200,
  wasUpstreamReached: true,
  bytesIn: 0,
  bytesOut: 0,
  seconds: 0.1,
  upstreamSeconds: null,
  attempts: 1,
  headers: {},
};

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('reports about calls of other gateways', () => {
  it('are passed on together, none longer than a notification may be', () => {
    const published: string[] = [];
    const relay = new ReportRelay(
      async (text) => void published.push(text),
      () => expect.unreachable(),
    );
    for (let index = 0; index < 100; index++) relay.passOn(`ticket-${index}`, index === 7 ? null : report);
    vi.advanceTimersByTime(1_000);
    expect(published.length).toBeLessThan(5);
    for (const text of published) expect(Buffer.byteLength(text)).toBeLessThan(8_000);
    const passed = published.flatMap(readPassedReports);
    expect(passed.map(([ticket]) => ticket)).toEqual(Array.from({ length: 100 }, (_, index) => `ticket-${index}`));
    expect(passed[7]![1]).toBeNull();
    expect(passed[8]![1]).toEqual(report);
  });

  it('are counted as lost when nobody could be told', async () => {
    const lost: number[] = [];
    const relay = new ReportRelay(
      () => Promise.reject(new Error('the database is away')),
      (count) => lost.push(count),
    );
    relay.passOn('one', report);
    relay.passOn('two', report);
    relay.passOn('long', { ...report, headers: { a: 'x'.repeat(8_000) } });
    relay.flush();
    await vi.runAllTimersAsync();
    expect(lost).toEqual([1, 2]);
  });

  it.each(['', 'null', '{}', '["ticket"]', '[[1,2]]', '[["ticket",{"status":200}]]', '[["ticket","delivered"]]'])(
    'are not read out of %s',
    (text) => expect(readPassedReports(text)).toEqual([]),
  );
});
