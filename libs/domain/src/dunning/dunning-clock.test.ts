import { describe, expect, it } from 'vitest';
import { type DunningMoment, readDunningClock } from './dunning-clock.js';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const last = { runningMs: 5, readAtMs: 1_000, offsetMs: 0 };
const after = (moment: Partial<DunningMoment>) =>
  readDunningClock(last, { nowMs: 1_000, offsetMs: 0, hasAnswered: true, ...moment }, 5 * MINUTE_MS).runningMs - 5;

describe('the clock of dunning', () => {
  it('runs while it is read again and again', () => {
    expect(after({ nowMs: 1_000 + MINUTE_MS })).toBe(MINUTE_MS);
    expect(after({ nowMs: 1_000 + 5 * MINUTE_MS })).toBe(5 * MINUTE_MS);
  });

  it('stood still while nobody read it: an outage of ours is nobody’s delay', () => {
    expect(after({ nowMs: 1_001 + 5 * MINUTE_MS })).toBe(0);
    expect(after({ nowMs: 1_000 + DAY_MS })).toBe(0);
  });

  it('stands still while the provider does not answer, and the time until it does is gone', () => {
    const silent = readDunningClock(last, { nowMs: 1_000 + MINUTE_MS, offsetMs: 0, hasAnswered: false }, 5 * MINUTE_MS);
    expect(silent.runningMs).toBe(5);
    const back = { nowMs: 1_000 + 2 * MINUTE_MS, offsetMs: 0, hasAnswered: true };
    expect(readDunningClock(silent, back, 5 * MINUTE_MS).runningMs).toBe(5 + MINUTE_MS);
  });

  it('counts what the time machine moved on, and an outage beside it not', () => {
    expect(after({ nowMs: 1_000 + 4 * DAY_MS + 10, offsetMs: 4 * DAY_MS })).toBe(4 * DAY_MS + 10);
    expect(after({ nowMs: 1_000 + 5 * DAY_MS, offsetMs: 4 * DAY_MS })).toBe(4 * DAY_MS);
  });

  it('never runs backwards, nor counts the same time twice', () => {
    expect(after({ nowMs: 0 })).toBe(0);
    const early = readDunningClock(last, { nowMs: 1_010, offsetMs: DAY_MS, hasAnswered: true }, 5 * MINUTE_MS);
    const late = { nowMs: 1_020 + DAY_MS, offsetMs: DAY_MS, hasAnswered: true };
    expect(readDunningClock(early, late, 5 * MINUTE_MS).runningMs).toBe(5 + DAY_MS);
  });
});
