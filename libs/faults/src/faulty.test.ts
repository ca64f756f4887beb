import { afterEach, describe, expect, it } from 'vitest';
import { FAULT_KINDS, FAULT_POINTS, parseFault } from './fault-points.js';
import { InjectedFaultError, armFault, faulty, faultySync, hasFaultHappened } from './faulty.js';

afterEach(() => armFault(null));

describe('a fault point', () => {
  it('does nothing but its write without a fault, and with one of another point', async () => {
    let writes = 0;
    expect(await faulty('seal', async () => ++writes)).toBe(1);
    armFault('commit.before:throw');
    expect(await faulty('seal', async () => ++writes)).toBe(2);
    expect(faultySync('journal-write', () => ++writes)).toBe(3);
    expect(hasFaultHappened()).toBe(false);
  });

  it('throws before the write or after it, once, at the time that is named', async () => {
    let writes = 0;
    armFault('seal.before:throw@2');
    await faulty('seal', async () => ++writes);
    await expect(faulty('seal', async () => ++writes)).rejects.toThrow(InjectedFaultError);
    expect(writes).toBe(1);
    await faulty('seal', async () => ++writes);
    armFault('journal-write.after:throw');
    expect(() => faultySync('journal-write', () => ++writes)).toThrow('after journal-write');
    expect(writes).toBe(3);
    expect(hasFaultHappened()).toBe(true);
  });

  it.each(['before', 'after'])('makes the write twice (%s)', async (moment) => {
    let writes = 0;
    armFault(`segment-enqueue.${moment}:duplicate`);
    await faulty('segment-enqueue', async () => ++writes);
    expect(writes).toBe(2);
    await faulty('segment-enqueue', async () => ++writes);
    expect(writes).toBe(3);
  });

  it('waits', async () => {
    armFault('commit.after:delay');
    const startedAt = performance.now();
    await faulty('commit', async () => 1);
    expect(performance.now() - startedAt).toBeGreaterThan(290);
  });
});

describe('the name of a fault', () => {
  it('is a point, a moment, a kind and maybe a time', () => {
    for (const point of FAULT_POINTS)
      for (const kind of FAULT_KINDS)
        expect(parseFault(`${point}.after:${kind}@3`)).toMatchObject({ point, kind, time: 3 });
  });

  it.each(['seal:kill', 'seal.before:burn', 'nothing.before:kill', 'seal.during:kill', 'seal.before:kill@0', 'x'])(
    'is not %s',
    (text) => {
      expect(parseFault(text)).toBe(null);
      expect(() => armFault(text)).toThrow('is no fault');
    },
  );
});
