import type { SegmentJob } from '#queues';
import type { IngestResult } from '#services';
import { describe, expect, it, vi } from 'vitest';
import { SegmentGatherer } from './segment-gatherer.js';

const aJob = (segment: number, eventCount = 10): SegmentJob => ({
  gatewayId: 'gateway-1',
  epoch: 1,
  segment,
  attempt: 1,
  eventCount,
  contentHash: '0'.repeat(64),
  encoding: 'zstd-json-base64',
  events: '',
});
const ingested = (inserted: number): PromiseSettledResult<IngestResult> => ({
  status: 'fulfilled',
  value: { status: 'ingested', inserted, duplicates: 0, quarantined: 0 },
});

/** A gatherer whose batches end when the test says so. */
function aGatherer(lanes = 1, maxWaitMs = 60_000) {
  const batches: { readonly segments: number[]; readonly end: (error?: Error) => void }[] = [];
  const gatherer = new SegmentGatherer({
    lanes,
    maxEvents: 100,
    minEventsBeside: 30,
    maxWaitMs,
    ingest: (jobs) =>
      new Promise((resolve, reject) => {
        const results = jobs.map(({ segment }) =>
          segment === 13 ? ({ status: 'rejected', reason: new Error('unlucky') } as const) : ingested(segment),
        );
        const end = (error?: Error): void => (error ? reject(error) : resolve(results));
        batches.push({ segments: jobs.map(({ segment }) => segment), end });
      }),
  });
  return { gatherer, batches };
}
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('a segment gatherer', () => {
  it('lets segments go together that come in one turn, and those that come meanwhile in the next batch', async () => {
    const { gatherer, batches } = aGatherer();
    const all = [gatherer.ingest(aJob(1)), gatherer.ingest(aJob(2))];
    await turn();
    all.push(gatherer.ingest(aJob(3)));
    await turn();
    all.push(gatherer.ingest(aJob(4)));
    await turn();
    expect(batches.map(({ segments }) => segments)).toEqual([[1, 2]]);
    batches[0]!.end();
    await turn();
    expect(batches.map(({ segments }) => segments)).toEqual([
      [1, 2],
      [3, 4],
    ]);
    batches[1]!.end();
    expect((await Promise.all(all)).map(({ inserted }) => inserted)).toEqual([1, 2, 3, 4]);
  });

  it('begins no batch beside another for less than is worth it', async () => {
    const { gatherer, batches } = aGatherer(2);
    const all = [gatherer.ingest(aJob(1))];
    await turn();
    all.push(gatherer.ingest(aJob(2, 20)));
    await turn();
    expect(batches.map(({ segments }) => segments)).toEqual([[1]]);
    all.push(gatherer.ingest(aJob(3, 10)));
    await turn();
    expect(batches.map(({ segments }) => segments)).toEqual([[1], [2, 3]]);
    all.push(gatherer.ingest(aJob(4, 90)));
    await turn();
    batches[1]!.end();
    await turn();
    all.push(gatherer.ingest(aJob(5)));
    await turn();
    batches[0]!.end();
    batches[2]!.end();
    await turn();
    expect(batches.map(({ segments }) => segments)).toEqual([[1], [2, 3], [4], [5]]);
    batches[3]!.end();
    await Promise.all(all);
  });

  it('lets nothing wait long for a batch that does not end', async () => {
    const { gatherer, batches } = aGatherer(2, 20);
    const all = [gatherer.ingest(aJob(1))];
    await turn();
    all.push(gatherer.ingest(aJob(2)));
    await turn();
    expect(batches).toHaveLength(1);
    await vi.waitFor(() => expect(batches.map(({ segments }) => segments)).toEqual([[1], [2]]));
    for (const { end } of batches) end();
    await Promise.all(all);
  });

  it('uses all lanes, and lets no batch grow beyond its bound but for one large segment', async () => {
    const { gatherer, batches } = aGatherer(2);
    const all = [aJob(1, 60), aJob(2, 60), aJob(3, 500), aJob(4, 40), aJob(5, 50)].map((job) => gatherer.ingest(job));
    await turn();
    expect(batches.map(({ segments }) => segments)).toEqual([[1], [2]]);
    batches[1]!.end();
    await turn();
    batches[0]!.end();
    await turn();
    expect(batches.slice(2).map(({ segments }) => segments)).toEqual([[3], [4, 5]]);
    batches[2]!.end();
    batches[3]!.end();
    await Promise.all(all);
  });

  it('tells each caller of its own segment only, and all when the batch could not be tried', async () => {
    const { gatherer, batches } = aGatherer();
    const all = Promise.allSettled([gatherer.ingest(aJob(12)), gatherer.ingest(aJob(13))]);
    await turn();
    batches[0]!.end();
    expect((await all).map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    const next = gatherer.ingest(aJob(14));
    await turn();
    batches[1]!.end(new Error('no database'));
    await expect(next).rejects.toThrow('no database');
  });
});
