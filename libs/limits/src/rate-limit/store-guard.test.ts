import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ExchangeListener, RateWindowStore, UnitsAnswer, UnitsRequest } from './rate-window-store.js';
import { StoreGuard } from './store-guard.js';

const timeoutMs = 150;
const request: UnitsRequest = {
  key: '{caller} window',
  rule: { algorithm: 'fixed_window', limit: 10, windowMs: 60_000, burst: 10 },
  nowMs: 0,
  ended: [],
  needed: 1,
  wanted: 1,
  sharers: 1,
  diesAtMs: 0,
};
const answer: UnitsAnswer = { granted: 1, diesAtMs: 60_000, remaining: 9, nextUnitInMs: 60_000 };

/** A store that answers what it was asked when it is told to, or never. */
class SilentStore implements RateWindowStore {
  readonly asked: ((answer: UnitsAnswer) => void)[] = [];
  reconnects = 0;
  exchange = (_request: UnitsRequest, listener: ExchangeListener) =>
    void this.asked.push((one) => listener.onExchanged(one));
  reconnect = () => void (this.reconnects += 1);
  sweep = async () => {};
  close = async () => {};
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('a store that does not answer', () => {
  const start = () => {
    const store = new SilentStore();
    const aways: boolean[] = [];
    const guard = new StoreGuard({ store, timeoutMs, onAway: (isAway) => aways.push(isAway) });
    const told: (UnitsAnswer | null)[] = [];
    const ask = () => guard.ask(request, (one) => told.push(one));
    return { store, guard, aways, told, ask };
  };

  it('holds the first questions up for the time-out, each from when it was asked, and no other', async () => {
    const { store, guard, aways, told, ask } = start();
    ask();
    await vi.advanceTimersByTimeAsync(100);
    ask();
    await vi.advanceTimersByTimeAsync(timeoutMs - 100 - 1);
    expect(told).toEqual([]);
    expect(guard.canAsk).toBe(true);
    await vi.advanceTimersByTimeAsync(1);
    expect(told).toEqual([null]);
    expect(guard.canAsk).toBe(false);
    await vi.advanceTimersByTimeAsync(100);
    expect(told).toEqual([null, null]);
    expect(aways).toEqual([true]);
    expect(store.reconnects).toBeGreaterThan(0);
  });

  it('is tried with one question every quarter of a second, and is back with its first answer', async () => {
    const { store, guard, aways, told, ask } = start();
    ask();
    await vi.advanceTimersByTimeAsync(timeoutMs);
    await vi.advanceTimersByTimeAsync(249);
    expect(guard.canAsk).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(guard.canAsk).toBe(true);
    ask();
    expect(guard.canAsk).toBe(false);
    store.asked[1]!(answer);
    await vi.advanceTimersByTimeAsync(0);
    expect(told).toEqual([null, answer]);
    expect(guard.canAsk).toBe(true);
    expect(aways).toEqual([true, false]);
  });

  it('is not believed when it answers too late', async () => {
    const { store, guard, told, ask } = start();
    ask();
    await vi.advanceTimersByTimeAsync(timeoutMs);
    store.asked[0]!(answer);
    await vi.advanceTimersByTimeAsync(0);
    expect(told).toEqual([null]);
    expect(guard.isAway).toBe(true);
  });
});
