import { createLogger } from '#observability';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DiscoveryError, type Finding } from './found-target.js';
import { TargetWatch } from './target-watch.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const at = (...hosts: readonly string[]): Finding => ({
  targets: hosts.map((host) => ({ host, port: 80, weight: 1, priority: 0 })),
  validForMs: 30_000,
  remarks: [],
});

function aWatch(...answers: readonly (Finding | Error | null)[]) {
  const told = { changes: 0, asked: 0, askedAt: [] as number[] };
  const watch = new TargetWatch({
    name: 'a orders.test',
    ask: async () => {
      told.askedAt.push(Date.now());
      const answer = answers[Math.min(told.asked++, answers.length - 1)]!;
      if (answer instanceof Error) throw answer;
      return answer;
    },
    minRefreshMs: 5_000,
    maxRefreshMs: 60_000,
    onChange: () => told.changes++,
    log: createLogger({ name: 'test', level: 'silent' }),
    random: () => 0,
  });
  const waits = () => told.askedAt.slice(1).map((time, index) => time - told.askedAt[index]!);
  return { watch, told, waits, hosts: () => watch.targets.map(({ host }) => host) };
}

describe('a watch of targets', () => {
  it('asks again when the answer is over, and tells only of other targets', async () => {
    const { watch, told, waits, hosts } = aWatch(at('a'), at('a'), at('a', 'b'), null);
    watch.start();
    await watch.asked;
    expect(hosts()).toEqual(['a']);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(waits()).toEqual([30_000, 30_000]);
    expect(hosts()).toEqual(['a', 'b']);
    expect(told.changes).toBe(2);
    await vi.advanceTimersByTimeAsync(35_000);
    expect(waits().slice(2)).toEqual([30_000, 5_000]);
    expect({ hosts: hosts(), changes: told.changes }).toEqual({ hosts: ['a', 'b'], changes: 2 });
    watch.stop();
  });

  it('asks neither more often nor less than it may', async () => {
    const { watch, waits } = aWatch({ ...at('a'), validForMs: 0 }, { ...at('a'), validForMs: 86_400_000 });
    watch.start();
    await vi.advanceTimersByTimeAsync(65_000);
    expect(waits()).toEqual([5_000, 60_000]);
    watch.stop();
  });

  it('keeps what it knows when it is not answered, however long, and asks again ever more seldom', async () => {
    const away = new DiscoveryError('no name server answers');
    const { watch, told, waits, hosts } = aWatch(at('a', 'b'), ...Array.from({ length: 7 }, () => away), at('c'));
    watch.start();
    await vi.advanceTimersByTimeAsync(30_000);
    expect(watch.fault).toBe('no name server answers');
    await vi.advanceTimersByTimeAsync(200_000);
    expect(hosts()).toEqual(['a', 'b']);
    expect({ failures: watch.failures, changes: told.changes }).toEqual({ failures: 7, changes: 1 });
    await vi.advanceTimersByTimeAsync(100_000);
    expect(waits()).toEqual([30_000, 5_000, 10_000, 20_000, 40_000, 60_000, 60_000, 60_000, 30_000]);
    expect({ fault: watch.fault, hosts: hosts() }).toEqual({ fault: null, hosts: ['c'] });
    watch.stop();
  });

  it('has no targets until there is a first answer, and asks nothing after it was stopped', async () => {
    const { watch, told, hosts } = aWatch(new DiscoveryError('the answer is empty'));
    watch.start();
    await watch.asked;
    expect(hosts()).toEqual([]);
    watch.stop();
    await vi.advanceTimersByTimeAsync(600_000);
    expect(told.asked).toBe(1);
    expect(vi.getTimerCount()).toBe(0);
  });
});
