import fs from 'node:fs';
import { ingestSegment } from '#services';
import { afterEach, describe, expect, it } from 'vitest';
import type { RunningGateway } from '../../../../apps/gateway/src/gateway.server.js';
import { startGateway } from '../../../../apps/gateway/src/gateway.server.js';
import { DOOR_SECRET, decisionOptions } from '../../../support/decisions.js';
import { eventually } from '../../../support/eventually.js';
import type { CatalogOptions } from '../../../support/factories.js';
import {
  type Answer,
  type GatewayOverrides,
  type GatewayUnderTest,
  MemorySegmentQueue,
  call,
  eventsOf,
  gatewayOptions,
  makeJournalFolder,
  startGatewayUnderTest,
} from '../../../support/gateway.js';

let under: GatewayUnderTest;
let others: RunningGateway[] = [];
let folders: string[] = [];
afterEach(async () => {
  for (const gateway of others) await gateway.stop();
  await under.dispose();
  for (const folder of folders) fs.rmSync(folder, { recursive: true, force: true });
  [others, folders] = [[], []];
});

const headers = { 'tollgate-secret': DOOR_SECRET };

async function start(overrides: GatewayOverrides = {}, catalog: Partial<CatalogOptions> = {}): Promise<void> {
  under = await startGatewayUnderTest(catalog, {
    decisions: decisionOptions(),
    onFatal: () => undefined,
    ...overrides,
  });
}

async function startOther(overrides: GatewayOverrides): Promise<RunningGateway> {
  const options = gatewayOptions(under.database, {
    decisions: decisionOptions(),
    journal: { maxSegmentAgeMs: 20 },
    onFatal: () => undefined,
    ...overrides,
  });
  const gateway = await startGateway(options);
  others.push(gateway);
  folders.push(options.journalFolder);
  return gateway;
}

/** The journal as a process killed at this moment would leave it. */
function crashedFolder(): string {
  const folder = makeJournalFolder();
  fs.cpSync(under.folder, folder, { recursive: true });
  fs.rmSync(`${folder}/lock`, { force: true });
  return folder;
}

function tryAsk({ decisionPorts }: RunningGateway, more: Record<string, string> = {}): Promise<Answer> {
  const url = `http://127.0.0.1:${decisionPorts.port}/envoy${under.catalog.version.basePath}/things`;
  return call(url, { headers: { ...headers, ...more }, key: under.consumer.key });
}

async function ask(
  gateway: RunningGateway = under.gateway,
  more: Record<string, string> = {},
): Promise<{ id: string; ticket: string }> {
  const answer = await tryAsk(gateway, more);
  expect(answer.status).toBe(200);
  return { id: String(answer.headers['tollgate-request-id']), ticket: String(answer.headers['tollgate-ticket']) };
}

function report({ decisionPorts }: RunningGateway, ...reports: readonly object[]): Promise<Answer> {
  const url = `http://127.0.0.1:${decisionPorts.port}/reports`;
  return call(url, { method: 'POST', headers, body: JSON.stringify(reports) });
}

async function shipped(queue: MemorySegmentQueue, count: number) {
  return eventually(
    () => eventsOf(queue.jobs),
    ({ length }) => length >= count,
  );
}

describe('a gateway that is started again after a crash', () => {
  it('takes the reports of calls that the one before has admitted, and bills the others when their time is over', async () => {
    await start({ journal: { maxSegmentAgeMs: 60_000 } });
    const [ended, good, bad, silent] = [await ask(), await ask(), await ask(), await ask()];
    await report(under.gateway, { ticket: ended.ticket, status: 200 });
    await under.eventOf(ended.id);
    const queue = new MemorySegmentQueue();
    const again = await startOther({ journalFolder: crashedFolder(), queue });
    const told = await report(
      again,
      { ticket: good.ticket, status: 200, bytesOut: 9 },
      { ticket: bad.ticket, status: 500 },
      { ticket: ended.ticket, status: 200 },
    );
    expect(told.json()).toEqual({ settled: 2, late: 1 });
    under.database.clock.moveTo(under.database.clock.nowMs() + 60_000);
    const events = new Map((await shipped(queue, 4)).map((event) => [event.id, event]));
    expect(events.get(good.id)).toMatchObject({ status: 200, reason: 'ok', billable: true, bytesOut: 9 });
    expect(events.get(bad.id)).toMatchObject({ status: 500, reason: 'upstream_5xx', billable: false });
    expect(events.get(silent.id)).toMatchObject({ reason: 'unreported', billable: true });
    expect(events.size).toBe(4);
  });

  it('judges a call by its version where a header told it from another at the same place', async () => {
    const versionHeader = { name: 'X-Version', value: 'v1', isDefault: false };
    await start({ journal: { maxSegmentAgeMs: 60_000 } }, { version: { versionHeader } });
    const bad = await ask(under.gateway, { 'x-version': 'v1' });
    const queue = new MemorySegmentQueue();
    const again = await startOther({ journalFolder: crashedFolder(), queue });
    expect((await report(again, { ticket: bad.ticket, status: 500 })).json()).toEqual({ settled: 1 });
    expect(await shipped(queue, 1)).toMatchObject([{ id: bad.id, status: 500, billable: false }]);
  });

  it('does not record again what is in the journal already, though the note of it is lost', async () => {
    await start({ journal: { maxSegmentAgeMs: 60_000 } });
    const { id, ticket } = await ask();
    const [log] = fs.readdirSync(under.folder).filter((name) => name.startsWith('decisions-'));
    const before = fs.readFileSync(`${under.folder}/${log}`);
    await report(under.gateway, { ticket, status: 200 });
    await under.eventOf(id);
    const folder = crashedFolder();
    fs.writeFileSync(`${folder}/${log}`, before);
    const queue = new MemorySegmentQueue();
    const again = await startOther({ journalFolder: folder, queue });
    expect((await report(again, { ticket, status: 200 })).json()).toEqual({ late: 1 });
    expect(await shipped(queue, 1)).toHaveLength(1);
    expect(fs.existsSync(`${folder}/${log}`)).toBe(false);
  });

  it('holds the watermark for the calls of the one before', async () => {
    await start({ journal: { maxSegmentAgeMs: 60_000 } });
    const admittedAt = under.database.clock.now();
    const { ticket } = await ask();
    under.database.clock.moveTo(under.database.clock.nowMs() + 30_000);
    const queue = new MemorySegmentQueue();
    const again = await startOther({ journalFolder: crashedFolder(), queue });
    const watermark = async () => {
      const [row] = await under.database.dataSource.query<{ admitted_through: Date }[]>(
        'SELECT admitted_through FROM gateway',
      );
      return row!.admitted_through.getTime();
    };
    expect(await watermark()).toBe(admittedAt.getTime());
    await report(again, { ticket, status: 200 });
    await shipped(queue, 1);
    await eventually(watermark, (throughMs) => throughMs === under.database.clock.nowMs());
  });

  it('counts what they had taken from a hard quota as used, so that it is never exceeded', async () => {
    const quotas = [{ name: 'monthly', meter: 'requests', limit: 4, enforcement: 'hard' }] as const;
    await start({ journal: { maxSegmentAgeMs: 60_000 } }, { definition: { quotas } });
    const ended = await ask();
    await report(under.gateway, { ticket: ended.ticket, status: 200 });
    await under.eventOf(ended.id);
    const open = [await ask(), await ask()];
    const queue = new MemorySegmentQueue();
    const again = await startOther({ journalFolder: crashedFolder(), queue });
    const [left] = await eventually(
      () => queue.jobs,
      ({ length }) => length > 0,
    );
    await ingestSegment(under.database.context, left!);
    const leases = () =>
      under.database.unitOfWork.inSystem((transaction) =>
        transaction.query<{ used: number }>(
          'SELECT used::float8 AS used FROM quota_lease WHERE gateway_epoch = 1 AND settled_at IS NOT NULL',
        ),
      );
    const settled = await eventually(leases, ({ length }) => length > 0);
    expect(settled.reduce((sum, { used }) => sum + used, 0)).toBe(3);
    const last = await ask(again);
    expect((await tryAsk(again)).json()['code']).toBe('quota_reserved');
    await report(again, { ticket: last.ticket, status: 200 });
    await eventually(
      () => tryAsk(again),
      (answer) => answer.json()['code'] === 'quota_exceeded',
    );
    await report(again, ...open.map(({ ticket }) => ({ ticket, status: 200 })));
  });

  it('is billed once by the ledger, should two gateways ever record the same call', async () => {
    await start();
    const { id, ticket } = await ask();
    const queue = new MemorySegmentQueue();
    const again = await startOther({ journalFolder: crashedFolder(), queue });
    await report(again, { ticket, status: 200, bytesOut: 1 });
    await report(under.gateway, { ticket, status: 200, bytesOut: 2 });
    await shipped(queue, 1);
    await shipped(under.queue, 1);
    for (const job of [...queue.jobs, ...under.queue.jobs]) await ingestSegment(under.database.context, job);
    const query = (sql: string) =>
      under.database.unitOfWork.inSystem((transaction) => transaction.query<Record<string, unknown>>(sql));
    expect(await query('SELECT id, seq, billable FROM usage_event')).toEqual([{ id, seq: 0, billable: true }]);
    expect(await query('SELECT sum(quantity_sum)::text AS units FROM usage_rollup')).toEqual([
      { units: '1.000000000000' },
    ]);
  });
});

describe('a gateway that stops', () => {
  it('records what nobody has reported, and leaves nothing behind', async () => {
    await start();
    const { id } = await ask();
    await under.gateway.stop();
    expect(await under.events()).toMatchObject([{ id, reason: 'unreported' }]);
    expect(fs.readdirSync(under.folder).filter((name) => name.startsWith('decisions-'))).toEqual([]);
  });

  it('waits for reports that come meanwhile', async () => {
    await start({ stop: { idleMs: 0, acknowledgeMs: 0, reportsMs: 10_000 } });
    const { ticket } = await ask();
    const agent = new (await import('node:http')).Agent({ keepAlive: true });
    const url = `http://127.0.0.1:${under.gateway.decisionPorts.port}/reports`;
    const reportBy = (body: object) => call(url, { method: 'POST', headers, body: JSON.stringify(body), agent });
    await reportBy([]);
    const stopped = under.gateway.stop();
    const answer = await reportBy({ ticket, status: 404 });
    expect(answer.json()).toEqual({ settled: 1 });
    expect(answer.headers['connection']).toBe('close');
    await stopped;
    agent.destroy();
    const events = await under.events();
    expect(events).toMatchObject([{ reason: 'upstream_4xx' }]);
  });
});

describe('a report that comes to another gateway', () => {
  it('is passed on to the one that has admitted the call', async () => {
    await start();
    const other = await startOther({ gatewayId: 'gateway-2' });
    const calls = [await ask(), await ask(), await ask(other)];
    const told = await report(other, ...calls.map(({ ticket }) => ({ ticket, status: 200 })));
    expect(told.json()).toEqual({ passed_on: 2, settled: 1 });
    expect(await under.eventOf(calls[0]!.id)).toMatchObject({ gatewayId: 'gateway-1', reason: 'ok' });
    expect(await under.eventOf(calls[1]!.id)).toMatchObject({ gatewayId: 'gateway-1', reason: 'ok' });
    expect(await under.events()).toHaveLength(2);
  });
});
