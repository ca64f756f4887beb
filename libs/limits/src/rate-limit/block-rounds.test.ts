import { describe, expect, it } from 'vitest';
import { BlockRounds, type WindowWithBlock, roundMs } from './block-rounds.js';

const startMs = 1_700_000_000_000;

/** Wants to be looked at at the given times, one after the other, and has nothing to end after the last. */
class Looked implements WindowWithBlock {
  readonly at: number[] = [];

  constructor(private readonly wanted: readonly number[]) {}

  nextLookMs(): number {
    return this.wanted[this.at.length] ?? 0;
  }

  endBlock(nowMs: number): boolean {
    this.at.push(nowMs - startMs);
    return this.at.length === this.wanted.length;
  }
}

/** Rounds begin whenever the process began. */
function endUntil(rounds: BlockRounds, untilMs: number, firstMs = 37): void {
  for (let ms = firstMs; ms <= untilMs; ms += roundMs) rounds.end(startMs + ms);
}

describe('blocks that are looked at', () => {
  it('are so when their time comes, at most a round late, and not before', () => {
    const rounds = new BlockRounds();
    rounds.end(startMs);
    const windows = [50, 100, 380, 6_000].map((ms) => new Looked([startMs + ms]));
    for (const window of windows) rounds.add(window);
    endUntil(rounds, 10_000);
    expect(windows.map(({ at }) => at)).toEqual([[137], [137], [337], [6_037]]);
  });

  it('are looked at again when they say so, and then no more', () => {
    const rounds = new BlockRounds();
    const window = new Looked([startMs + 500, startMs + 500, startMs + 2_000]);
    rounds.add(window);
    endUntil(rounds, 10_000);
    expect(window.at).toEqual([537, 637, 2_037]);
  });

  it('are there once, however often they are added, until there is nothing to end', () => {
    const rounds = new BlockRounds();
    const window = new Looked([startMs + 500]);
    for (const ms of [0, 200, 400]) {
      rounds.end(startMs + ms);
      rounds.add(window);
    }
    endUntil(rounds, 5_000, 437);
    expect(window.at).toEqual([537]);
    const another = new Looked([startMs + 6_000, startMs + 7_000]);
    rounds.add(another);
    endUntil(rounds, 20_000, 5_037);
    expect(another.at).toEqual([6_037, 7_037]);
  });

  it('are all looked at when the clock has jumped ahead, and wait while it has jumped back', () => {
    const rounds = new BlockRounds();
    const windows = [500, 3_000].map((ms) => new Looked([startMs + ms]));
    for (const window of windows) rounds.add(window);
    rounds.end(startMs - 86_400_000);
    expect(windows.map(({ at }) => at)).toEqual([[], []]);
    rounds.end(startMs + 86_400_000);
    expect(windows.map(({ at }) => at.length)).toEqual([1, 1]);
  });
});
