import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import type { SegmentJob } from '#queues';
import { ingestSegment } from '#services';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startGateway } from '../../../apps/gateway/src/gateway.server.js';
import {
  type GatewayOverrides,
  type GatewayUnderTest,
  MemorySegmentQueue,
  call,
  eventsOf,
  gatewayOptions,
  makeJournalFolder,
  startGatewayUnderTest,
} from '../../support/gateway.js';
import { eventually } from '../../support/eventually.js';

let under: GatewayUnderTest;
let fatal: Error[];
let folders: string[];

beforeEach(async () => {
  fatal = [];
  folders = [];
  under = await startGatewayUnderTest(
    { definition: { quotas: [{ name: 'monthly', meter: 'requests', limit: 100, enforcement: 'hard' }] } },
    { journal: { maxSegmentAgeMs: 60_000 }, onFatal: (error) => fatal.push(error) },
  );
});
afterEach(async () => {
  await under.dispose();
  for (const folder of folders) fs.rmSync(folder, { recursive: true, force: true });
});

/** The journal as a process killed at this moment would leave it. */
function crashedFolder(): string {
  const folder = makeJournalFolder();
  folders.push(folder);
  fs.cpSync(under.folder, folder, { recursive: true });
  fs.rmSync(`${folder}/lock`, { force: true });
  return folder;
}

const startOn = (journalFolder: string, overrides: GatewayOverrides = {}) =>
  startGateway(gatewayOptions(under.database, { journalFolder, onFatal: (error) => fatal.push(error), ...overrides }));

async function readWatermark(): Promise<Date> {
  const [row] = await under.database.dataSource.query<{ admitted_through: Date }[]>(
    'SELECT admitted_through FROM gateway',
  );
  return row!.admitted_through;
}

/** Brings the segments into the ledger, as a worker does. */
async function ingest(jobs: readonly SegmentJob[]): Promise<void> {
  for (const job of jobs) await ingestSegment(under.database.context, job);
}

describe('a gateway that is started again after a crash', () => {
  it('ships what was left, then lets the watermark rise and settles the leases by the ledger', async () => {
    for (let index = 0; index < 5; index++) await under.call('/things');
    under.upstream.answer(500);
    await under.call('/things');
    under.upstream.answer();
    const begun = await readWatermark();
    const left = await under.events();
    const queue = new MemorySegmentQueue();
    const gateway = await startOn(crashedFolder(), { queue });
    try {
      expect(gateway.epoch).toBe(2);
      const url = `http://127.0.0.1:${gateway.port}${under.catalog.version.basePath}/things`;
      expect((await call(url, { key: under.consumer.key })).status).toBe(200);
      await eventually(
        () => queue.jobs.length,
        (count) => count > 0,
      );
      expect(await eventsOf(queue.jobs.slice(0, 1))).toEqual(left);
      under.database.clock.moveTo(under.database.clock.nowMs() + 60_000);
      expect(await readWatermark()).toEqual(begun);
      await ingest(queue.jobs.slice(0, 1));
      await eventually(readWatermark, (at) => at.getTime() > begun.getTime());
      const leases = () =>
        under.database.unitOfWork.inSystem((transaction) =>
          transaction.query<{ epoch: string; used: string | null }>(
            'SELECT gateway_epoch AS epoch, used FROM quota_lease ORDER BY 1',
          ),
        );
      expect(await eventually(leases, ([first]) => first?.used !== null)).toEqual([
        { epoch: '1', used: '5' },
        { epoch: '2', used: null },
      ]);
    } finally {
      await gateway.stop();
    }
  });

  it('never uses an epoch twice, also when it crashes before it has written anything', async () => {
    const folder = crashedFolder();
    const epochs = [];
    for (let start = 0; start < 3; start++) {
      const gateway = await startOn(folder);
      epochs.push(gateway.epoch);
      await gateway.stop();
    }
    expect(epochs).toEqual([2, 3, 4]);
  });

  it('begins above all that the ledger knows when the folder was lost', async () => {
    await under.gateway.stop();
    await under.database.unitOfWork.inSystem((transaction) => transaction.query(`UPDATE gateway SET epoch = 7`));
    const gateway = await startOn(under.folder);
    expect(gateway.epoch).toBe(8);
    await gateway.stop();
  });
});

describe('two gateways', () => {
  it('cannot share a journal folder', async () => {
    await expect(startOn(under.folder, { gatewayId: 'gateway-2' })).rejects.toThrow(
      /Give each gateway a JOURNAL_DIR of its own/,
    );
  });

  it('cannot share an id: the second is refused while the first is heard of', async () => {
    const folder = makeJournalFolder();
    folders.push(folder);
    await expect(startOn(folder)).rejects.toThrow(/Another gateway runs as "gateway-1"/);
  });

  it('cannot share an id after a copy of the folder: the first stops', async () => {
    const gateway = await startOn(crashedFolder());
    await eventually(
      () => fatal.length,
      (count) => count > 0,
    );
    expect(fatal[0]!.message).toMatch(/Another gateway runs as "gateway-1"/);
    await gateway.stop();
  });

  it('cannot share a port, and say so', async () => {
    const folder = makeJournalFolder();
    folders.push(folder);
    const taken = startOn(folder, { gatewayId: 'gateway-2', port: under.gateway.port });
    await expect(taken).rejects.toThrow(
      `127.0.0.1:${under.gateway.port} is taken. Free it, or set GATEWAY_PORT to another port.`,
    );
    expect(fs.existsSync(`${folder}/lock`)).toBe(false);
  });
});

describe('a gateway that is stopped', () => {
  it('lets the requests under way end, on connections that are closed afterwards, and takes no new ones', async () => {
    const answer = Promise.withResolvers<void>();
    const reached = Promise.withResolvers<void>();
    under.upstream.handle((_request, response) => {
      response.write('a');
      reached.resolve();
      void answer.promise.then(() => response.end('b'));
    });
    const agent = new http.Agent({ keepAlive: true });
    const running = under.call('/things', { agent });
    await reached.promise;
    const stopped = under.gateway.stop();
    await eventually(
      () => connects(under.origin),
      (isOpen) => !isOpen,
    );
    answer.resolve();
    expect(await running).toMatchObject({ status: 200, body: 'ab' });
    await stopped;
    agent.destroy();
    expect((await under.events()).at(-1)).toMatchObject({ outcome: 'delivered' });
  });
});

async function connects(origin: string): Promise<boolean> {
  const { hostname, port } = new URL(origin);
  const socket = net.connect(Number(port), hostname);
  const isOpen = await Promise.race([
    once(socket, 'connect').then(() => true),
    once(socket, 'error').then(() => false),
  ]).catch(() => false);
  socket.destroy();
  return isOpen && (socket.address() as AddressInfo | null) !== null;
}
