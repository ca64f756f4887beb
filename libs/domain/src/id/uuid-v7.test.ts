import { randomFillSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Clock } from '../clock/clock.js';
import { FixedClock } from '../clock/clock.js';
import { UuidV7Generator, isUuid, lowestUuidV7, uuidV7TimeMs } from './uuid-v7.js';

describe('UUIDv7', () => {
  it('carries the clock’s time and is canonical', () => {
    const clock = new FixedClock('2026-11-22T12:00:00.123Z');
    const id = new UuidV7Generator(clock, randomFillSync).next();
    expect(isUuid(id)).toBe(true);
    expect(id[14]).toBe('7');
    expect(uuidV7TimeMs(id)).toBe(clock.nowMs());
  });

  it('strictly increases within one millisecond, beyond the counter, and when the clock steps back', () => {
    let nowMs = 1_800_000_000_000;
    const clock: Clock = { nowMs: () => nowMs, now: () => new Date(nowMs) };
    const ids = new UuidV7Generator(clock, randomFillSync);
    let last = ids.next();
    for (let index = 0; index < 10_000; index++) {
      if (index === 6_000) nowMs -= 5_000;
      const next = ids.next();
      expect(next > last).toBe(true);
      last = next;
    }
  });

  it('has a lowest value for each instant, below every id of it and above those before', () => {
    const at = Date.parse('2026-11-22T00:00:00Z');
    const idAt = (ms: number) => new UuidV7Generator(new FixedClock(ms), randomFillSync).next();
    expect(lowestUuidV7(at) <= idAt(at)).toBe(true);
    expect(idAt(at - 1) < lowestUuidV7(at)).toBe(true);
  });
});
