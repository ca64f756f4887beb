import { latencyPercentiles } from '#domain';
import { describe, expect, it } from 'vitest';
import type { OperationEntry } from '../snapshot/catalog.js';
import { TrafficRecorder } from './traffic-recorder.js';

const MINUTE = 60_000;
const START = 1_000 * MINUTE;
const entry = (operation: string): OperationEntry => ({ operation, version: { id: 'version' } }) as OperationEntry;
const listThings = entry('listThings');

describe('the traffic of a gateway', () => {
  it('is told apart by operation, subset, mode and class of status, each in its minute', () => {
    const recorder = new TrafficRecorder();
    recorder.count(listThings, 'canary', 'live', 200, 12, 10, START);
    recorder.count(listThings, 'canary', 'live', 204, 12, 10, START + 59_999);
    recorder.count(listThings, null, 'live', 304, 1, null, START + 1);
    recorder.count(listThings, 'canary', 'test', 200, 1, 1, START + 1);
    recorder.count(entry('makeThing'), 'canary', 'live', 503, 1, null, START + 1);
    recorder.count(listThings, 'canary', 'live', 200, 12, 10, START + MINUTE);
    const kinds = recorder.over(100).map((one) => {
      const { apiVersionId, startsAtMs, operation, subset, mode, statusClass, calls } = one;
      return [apiVersionId, startsAtMs, operation, subset, mode, statusClass, calls].join(' ');
    });
    expect(kinds.toSorted()).toEqual([
      `version ${START} listThings  live 3 1`,
      `version ${START} listThings canary live 2 2`,
      `version ${START} listThings canary test 2 1`,
      `version ${START} makeThing canary live 5 1`,
    ]);
    expect(recorder.underWay()).toMatchObject([{ startsAtMs: START + MINUTE, calls: 1 }]);
  });

  it('has the times of all that had one, apart for the upstream', () => {
    const recorder = new TrafficRecorder();
    recorder.count(listThings, null, 'live', 200, 100, 50, START);
    recorder.count(listThings, null, 'live', 200, 100, null, START);
    recorder.count(listThings, null, 'live', 200, null, null, START);
    const [span] = recorder.underWay();
    expect(span!.calls).toBe(3);
    expect(span!.total.counts).toEqual([2]);
    expect(span!.upstream.counts).toEqual([1]);
    expect(Math.abs(latencyPercentiles(span!.total)!.p50Ms - 100)).toBeLessThan(5);
  });

  it('is counted once for an operation that a new catalogue has an entry of its own for', () => {
    const recorder = new TrafficRecorder();
    recorder.count(listThings, null, 'live', 200, 100, 50, START);
    recorder.count(entry('listThings'), null, 'live', 200, 100, 50, START);
    expect(recorder.underWay()).toMatchObject([{ calls: 2, total: { counts: [2] } }]);
    recorder.count(listThings, null, 'live', 200, 100, 50, START);
    expect(recorder.underWay()).toMatchObject([{ calls: 3 }]);
  });

  it('takes a number that is no status for a fault of the upstream', () => {
    const recorder = new TrafficRecorder();
    recorder.count(listThings, null, 'live', 999, 1, 1, START);
    recorder.count(listThings, null, 'live', 0, 1, 1, START);
    expect(recorder.underWay()).toMatchObject([{ statusClass: 5, mode: 'live', calls: 2 }]);
  });

  it('tells no more kinds apart than its bound, and counts the calls that are left out', () => {
    const recorder = new TrafficRecorder({ maxKinds: 2 });
    for (const operation of ['one', 'two', 'three', 'four'])
      recorder.count(entry(operation), null, 'live', 200, 1, 1, START);
    expect(recorder.underWay()).toHaveLength(2);
    expect(recorder.lost).toEqual({ crowdedOut: 2, unwritten: 0 });
    recorder.count(entry('five'), null, 'live', 200, 1, 1, START + MINUTE);
    expect(recorder.underWay()).toHaveLength(1);
  });

  it('lets the oldest minutes go that nobody has written, and counts their calls', () => {
    const recorder = new TrafficRecorder({ maxSpans: 3 });
    for (let minute = 0; minute <= 5; minute++)
      recorder.count(listThings, null, 'live', 200, 1, 1, START + minute * MINUTE);
    expect(recorder.over(100).map(({ startsAtMs }) => (startsAtMs - START) / MINUTE)).toEqual([2, 3, 4]);
    expect(recorder.lost).toEqual({ crowdedOut: 0, unwritten: 2 });
  });

  it('keeps what is not said to be written', () => {
    const recorder = new TrafficRecorder();
    for (let minute = 0; minute < 3; minute++)
      recorder.count(listThings, null, 'live', 200, 1, 1, START + minute * MINUTE);
    recorder.forget(recorder.over(1));
    expect(recorder.over(100)).toHaveLength(1);
    recorder.settle(START + 3 * MINUTE);
    expect(recorder.over(100)).toHaveLength(2);
    expect(recorder.underWay()).toEqual([]);
  });
});
