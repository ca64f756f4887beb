import { describe, expect, it } from 'vitest';
import { SettledUnits } from './settled-units.js';

describe('units that were spent for good', () => {
  it('are given back one by one where they count: first those of the instant, then those after it', () => {
    const settled = new SettledUnits(1_000);
    for (const [ms, units] of [
      [10, 1],
      [20, 1],
      [20, 1],
      [30, 1],
    ] as const)
      expect(settled.add(ms, units)).toBe(-Infinity);
    expect([20, 20, 20, 20].map((ms) => settled.takeBack(ms))).toEqual([20, 20, 30, null]);
    expect(settled.takeBack(0)).toBe(10);
  });

  it('are forgotten when they are too old, or too many', () => {
    const settled = new SettledUnits(1_000);
    for (let ms = 0; ms <= 1_000; ms += 10) expect(settled.add(ms, 1)).toBe(-Infinity);
    expect(settled.add(1_025, 1)).toBe(20);
    expect(settled.takeBack(0)).toBe(30);
    let forgottenMs = -Infinity;
    for (let at = 0; at < 5_000; at++) forgottenMs = Math.max(forgottenMs, settled.add(1_030 + at / 10, 1));
    expect(forgottenMs).toBeCloseTo(1_030 + (5_000 - 2_048 - 1) / 10);
    expect(settled.takeBack(0)).toBeCloseTo(1_030 + (5_000 - 2_048) / 10);
  });

  it('are gone once they are cleared', () => {
    const settled = new SettledUnits(1_000);
    settled.add(10, 3);
    settled.clear();
    expect(settled.takeBack(10)).toBeNull();
    settled.add(5, 1);
    expect(settled.takeBack(0)).toBe(5);
  });
});
