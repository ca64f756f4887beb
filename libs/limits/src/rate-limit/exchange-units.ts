import { FixedWindowCount } from './fixed-window-count.js';
import { GcraCount } from './gcra-count.js';
import type { EndedUnits, UnitsAnswer, UnitsRequest } from './rate-window-store.js';
import { SlidingWindowCount } from './sliding-window-count.js';

/** What a store keeps of a window: numbers only, so that it can be written down. */
export interface WindowState {
  /** The latest time seen. */
  readonly atMs: number;
  readonly numbers: readonly number[];
}

/** A window at an instant, counted by its algorithm. */
export interface WindowCount {
  available(): number;
  take(units: number, diesAtMs: number): void;
  end(ended: EndedUnits): void;
  nextUnitInMs(): number;
  numbers(): readonly number[];
}

/** The exchange of units as a pure function: what `RateWindowStore.exchange` promises, for stores that run our code. */
export function exchangeUnits(
  state: WindowState | null,
  request: UnitsRequest,
): { readonly state: WindowState; readonly answer: UnitsAnswer } {
  const nowMs = Math.max(request.nowMs, state?.atMs ?? 0);
  const count = countOf(request, state?.numbers ?? [], nowMs);
  for (const ended of request.ended) count.end(ended);
  const available = count.available();
  const share = Math.floor(available / (2 * Math.max(1, request.sharers)));
  const granted = Math.max(0, Math.min(available, Math.max(request.needed, Math.min(share, request.wanted))));
  const diesAtMs = Math.max(nowMs, request.diesAtMs);
  if (granted > 0) count.take(granted, diesAtMs);
  return {
    state: { atMs: nowMs, numbers: count.numbers() },
    answer: { granted, diesAtMs, remaining: Math.max(0, available - granted), nextUnitInMs: count.nextUnitInMs() },
  };
}

function countOf({ rule }: UnitsRequest, numbers: readonly number[], nowMs: number): WindowCount {
  switch (rule.algorithm) {
    case 'sliding_window':
      return new SlidingWindowCount(rule, numbers, nowMs);
    case 'fixed_window':
      return new FixedWindowCount(rule, numbers, nowMs);
    case 'gcra':
      return new GcraCount(rule, numbers, nowMs);
  }
}
