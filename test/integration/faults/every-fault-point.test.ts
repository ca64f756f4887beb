import fs from 'node:fs';
import { allFaults, armFault, hasFaultHappened, parseFault } from '#faults';
import type { SegmentJob } from '#queues';
import { ingestSegments } from '#services';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.js';
import { type GatewayUnderTest, MemorySegmentQueue, call, startGatewayUnderTest } from '../../support/gateway.js';
import { readBilled } from '../../support/billed-requests.js';

/** Takes jobs off the queue as a worker does: those that wait go together, and one that fails comes again. */
class IngestingQueue extends MemorySegmentQueue {
  private isOver = false;
  private running: Promise<void> | null = null;

  start(context: Parameters<typeof ingestSegments>[0]): void {
    this.running = this.run(context);
  }

  async end(): Promise<void> {
    this.isOver = true;
    await this.running;
  }

  private async run(context: Parameters<typeof ingestSegments>[0]): Promise<void> {
    while (!this.isOver) {
      const jobs = this.jobs.splice(0);
      if (jobs.length > 0) this.jobs.push(...(await this.failedOf(context, jobs)));
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  private async failedOf(context: Parameters<typeof ingestSegments>[0], jobs: SegmentJob[]): Promise<SegmentJob[]> {
    try {
      const results = await ingestSegments(context, jobs);
      return jobs.filter((_, index) => results[index]!.status === 'rejected');
    } catch {
      return jobs;
    }
  }
}

let under: GatewayUnderTest;
let queue: IngestingQueue;
beforeAll(async () => {
  queue = new IngestingQueue();
  under = await startGatewayUnderTest(
    {},
    {
      queue,
      journalSync: 'strict',
      journal: { maxSegmentBytes: 1, retryMs: 20 },
      // Shorter, and a busy machine ships what waits again and again, faster than it is taken.
      shipper: { intervalMs: 20, acknowledgementTimeoutMs: 5_000 },
    },
  );
  queue.start(under.database.context);
});
afterEach(() => armFault(null));
afterAll(async () => {
  await queue.end();
  await under.dispose();
});

const delivered = new Set<string>();
let ambiguous = 0;

/** Four callers, each with several calls one after the other. */
async function callAll(): Promise<void> {
  const caller = async () => {
    for (let count = 0; count < 6; count++) {
      try {
        const answer = await call(`${under.url}/things`, { key: under.consumer.key });
        if (answer.status === 200) delivered.add(String(answer.headers['tollgate-request-id']));
        else ambiguous++;
      } catch {
        ambiguous++;
      }
    }
  };
  await Promise.all([caller(), caller(), caller(), caller()]);
}

const segments = () => fs.readdirSync(under.folder).filter((name) => /\.(open|sealed)$/.test(name));

describe('a fault around any write of metering loses nothing and doubles nothing', () => {
  it.each(allFaults().filter((fault) => parseFault(fault)!.kind !== 'kill'))('%s', async (fault) => {
    armFault(fault);
    await callAll();
    // What lends itself to being grouped needs several segments at a time.
    await eventually(
      async () => hasFaultHappened() || (await callAll(), false),
      (hasHappened) => hasHappened,
    );
    await eventually(segments, (names) => names.length === 0, 60_000);
    const { ids, rolledUp } = await readBilled(under.database);
    const billed = new Set(ids);
    expect([...delivered].filter((id) => !billed.has(id))).toEqual([]);
    expect(ids.length).toBe(billed.size);
    expect(rolledUp).toBe(billed.size);
    expect(billed.size).toBeLessThanOrEqual(delivered.size + ambiguous);
  });
});
