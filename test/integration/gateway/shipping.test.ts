import fs from 'node:fs';
import path from 'node:path';
import { salvageFile } from '#journal';
import { afterEach, describe, expect, it } from 'vitest';
import {
  type GatewayOverrides,
  type GatewayUnderTest,
  acknowledge,
  eventsOf,
  startGatewayUnderTest,
} from '../../support/gateway.js';
import { eventually } from '../../support/eventually.js';

let under: GatewayUnderTest;
afterEach(() => under.dispose());

const start = (overrides: GatewayOverrides = {}) =>
  startGatewayUnderTest({}, { journal: { maxSegmentBytes: 1 }, ...overrides });

const sealedFiles = () => fs.readdirSync(under.folder).filter((name) => name.endsWith('.sealed'));

async function shipped(count: number) {
  return eventually(
    () => under.queue.jobs,
    (jobs) => jobs.length >= count,
  );
}

async function readRow() {
  const [row] = await under.database.dataSource.query<
    { sealedSegment: string; admittedThrough: Date; heartbeatAt: Date; state: string }[]
  >(
    `SELECT sealed_segment AS "sealedSegment", admitted_through AS "admittedThrough", heartbeat_at AS "heartbeatAt", state
     FROM gateway`,
  );
  return { ...row!, sealedSegment: Number(row!.sealedSegment) };
}

describe('shipping', () => {
  it('carries every event to the queue and deletes a segment on its own acknowledgement only', async () => {
    under = await start();
    const ids: unknown[] = [];
    for (let index = 0; index < 3; index++) ids.push((await under.call('/things')).headers['tollgate-request-id']);
    const jobs = await shipped(3);
    expect((await eventsOf(jobs)).map(({ id }) => id)).toEqual(ids);
    expect(jobs.map(({ segment, epoch, attempt, eventCount }) => [epoch, segment, attempt, eventCount])).toEqual([
      [1, 1, 1, 1],
      [1, 2, 1, 1],
      [1, 3, 1, 1],
    ]);
    await acknowledge(under.database, [jobs[1]!]);
    await eventually(sealedFiles, (names) => names.length === 2);
    expect(sealedFiles()).toEqual(['0000000001-0000000001.sealed', '0000000001-0000000003.sealed']);
    await acknowledge(under.database, jobs);
    await eventually(sealedFiles, (names) => names.length === 0);
  });

  it('tries again, as a new attempt, when no acknowledgement comes', async () => {
    under = await start({ shipper: { intervalMs: 10, acknowledgementTimeoutMs: 50 } });
    await under.call('/things');
    const jobs = await shipped(3);
    expect(jobs.map(({ attempt }) => attempt).slice(0, 3)).toEqual([1, 2, 3]);
    expect(new Set(jobs.map(({ contentHash }) => contentHash)).size).toBe(1);
    await acknowledge(under.database, jobs.slice(0, 1));
    await eventually(sealedFiles, (names) => names.length === 0);
  });

  it('keeps few jobs in flight', async () => {
    under = await start({ shipper: { intervalMs: 10, maxInFlight: 2 } });
    for (let index = 0; index < 6; index++) await under.call('/things');
    await shipped(2);
    for (let done = 0; done < 6; done++) {
      expect(under.queue.jobs.length).toBeLessThanOrEqual(done + 2);
      await acknowledge(under.database, under.queue.jobs.slice(0, done + 1));
      await eventually(sealedFiles, (names) => names.length === 5 - done);
    }
    expect(under.queue.jobs).toHaveLength(6);
  });

  it('waits for a queue that is away and loses nothing', async () => {
    under = await start();
    under.queue.isDown = true;
    for (let index = 0; index < 3; index++) expect((await under.call('/things')).status).toBe(200);
    await eventually(sealedFiles, (names) => names.length === 3);
    expect(under.queue.jobs).toEqual([]);
    under.queue.isDown = false;
    expect(await eventsOf(await shipped(3))).toHaveLength(3);
  });

  it('keeps a segment that the ledger has with another content, and does not ship it again', async () => {
    under = await start({ shipper: { intervalMs: 10, acknowledgementTimeoutMs: 30 } });
    await under.call('/things');
    const [job] = await shipped(1);
    await acknowledge(under.database, [job!], '0'.repeat(64));
    const admin = `http://127.0.0.1:${under.gateway.adminPort}/metrics`;
    await eventually(
      async () => (await fetch(admin)).text(),
      (text) => /^tollgate_gateway_held_segments 1$/m.test(text),
    );
    const count = under.queue.jobs.length;
    await under.call('/things');
    await eventually(() => under.queue.jobs.some(({ segment }) => segment === 2), Boolean);
    expect(under.queue.jobs.filter(({ segment }) => segment === 1).length).toBe(count);
    expect(sealedFiles()).toContain('0000000001-0000000001.sealed');
  });
});

describe('a damaged segment', () => {
  it('is held with all of it, and shipped when what can be read of it was put in its place', async () => {
    under = await start({ shipper: { intervalMs: 10, mendedIntervalMs: 10 } });
    under.queue.isDown = true;
    for (let index = 0; index < 2; index++) expect((await under.call('/things')).status).toBe(200);
    const [name] = await eventually(sealedFiles, (names) => names.length === 2);
    const file = path.join(under.folder, name!);
    const whole = fs.readFileSync(file);
    const damaged = Buffer.from(whole);
    damaged[damaged.length - 20]! ^= 1;
    fs.writeFileSync(file, damaged);
    const held = async (count: number) =>
      eventually(
        async () => (await fetch(`http://127.0.0.1:${under.gateway.adminPort}/metrics`)).text(),
        (text) => text.includes(`\ntollgate_gateway_held_segments ${count}\n`),
      );
    await held(1);
    // Only now, or what was read of the whole file might still be sent.
    under.queue.isDown = false;
    await eventually(() => under.queue.jobs.some(({ segment }) => segment === 2), Boolean);
    expect(under.queue.jobs.filter(({ segment }) => segment === 1)).toEqual([]);
    await salvageFile(file);
    await held(0);
    const [job] = await eventually(
      () => under.queue.jobs.filter(({ segment }) => segment === 1),
      (jobs) => jobs.length > 0,
    );
    expect(job).toMatchObject({ epoch: 1, segment: 1, eventCount: 0 });
    await acknowledge(under.database, [job!]);
    await eventually(sealedFiles, (names) => !names.includes(name!));
    expect(fs.readFileSync(`${file}.damaged`)).toEqual(damaged);
  });
});

describe('the gateway’s row', () => {
  it('says how far the journal is complete: never past a request that is under way', async () => {
    under = await start({ journal: { maxSegmentAgeMs: 20 } });
    const { database, upstream } = under;
    const begun = database.clock.now();
    const answer = Promise.withResolvers<void>();
    const reached = Promise.withResolvers<void>();
    upstream.handle((_request, response) => {
      reached.resolve();
      void answer.promise.then(() => response.end('done'));
    });
    const call = under.call('/things');
    await reached.promise;
    database.clock.moveTo(begun.getTime() + 5_000);
    const laterBeat = async () => (await readRow()).heartbeatAt.getTime() === begun.getTime() + 5_000;
    await eventually(laterBeat, Boolean);
    expect((await readRow()).admittedThrough).toEqual(begun);
    answer.resolve();
    await call;
    await eventually(
      readRow,
      (row) => row.sealedSegment === 1 && row.admittedThrough.getTime() === begun.getTime() + 5_000,
    );
  });

  it('ends as stopped, with everything sealed', async () => {
    under = await start();
    await under.call('/things');
    under.database.clock.moveTo(under.database.clock.nowMs() + 1_000);
    await under.gateway.stop();
    const now = under.database.clock.now();
    expect(await readRow()).toEqual({ sealedSegment: 1, admittedThrough: now, heartbeatAt: now, state: 'stopped' });
    expect(fs.readdirSync(under.folder).filter((name) => name.endsWith('.open') || name === 'lock')).toEqual([]);
  });
});
