import { describe, expect, it } from 'vitest';
import { repeat } from './repeat.js';

const LONG_MS = 3_600_000;

describe('repeat', () => {
  it('begins the next round at once while there is more to do', async () => {
    let rounds = 0;
    const repetition = repeat(
      async () => ++rounds < 5,
      LONG_MS,
      () => {},
    );
    while (rounds < 5) await new Promise(setImmediate);
    await repetition.stop();
    expect(rounds).toBe(5);
  });

  it('tells of a round that failed, and goes on', async () => {
    const errors: unknown[] = [];
    let rounds = 0;
    let goOn = () => {};
    const secondRound = new Promise<void>((resolve) => (goOn = resolve));
    const repetition = repeat(
      async () => {
        if (++rounds === 1) throw new Error('once');
        goOn();
      },
      1,
      (error) => errors.push(error),
    );
    await secondRound;
    await repetition.stop();
    expect(errors).toEqual([new Error('once')]);
  });

  it('lets a round that runs end before it stops, and begins no other', async () => {
    let release = () => {};
    let rounds = 0;
    const repetition = repeat(
      async () => {
        rounds += 1;
        await new Promise<void>((go) => (release = go));
        return true;
      },
      LONG_MS,
      () => {},
    );
    await new Promise(setImmediate);
    const stopped = repetition.stop();
    release();
    await stopped;
    expect(rounds).toBe(1);
  });
});
