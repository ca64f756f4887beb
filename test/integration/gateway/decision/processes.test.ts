import dgram from 'node:dgram';
import fs from 'node:fs';
import path from 'node:path';
import type { UsageEvent } from '#domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../../../scripts/launcher/ports.mjs';
import { type TestDatabase, createTestDatabase } from '../../../support/database.js';
import { DOOR_SECRET } from '../../../support/decisions.js';
import { EnvoyClient, loggedCalls } from '../../../support/envoy.js';
import { eventually } from '../../../support/eventually.js';
import { type Catalog, aCatalog, aConsumer } from '../../../support/factories.js';
import { GatewayProcess } from '../../../support/gateway-process.js';
import { type Answer, call, makeJournalFolder, readJournal } from '../../../support/gateway.js';

describe('gateway processes behind one port', () => {
  const folder = makeJournalFolder();
  let database: TestDatabase;
  let catalog: Catalog;
  let key: string;
  let gateway: GatewayProcess;
  let ports: readonly [number, number, number];
  let settings: Record<string, string>;

  beforeAll(async () => {
    database = await createTestDatabase();
    catalog = await aCatalog(database, { upstreamUrl: 'http://127.0.0.1:9' });
    ({ key } = await aConsumer(database, catalog));
    ports = [await freePort(), await freePort(), await freePort()];
    settings = {
      DECISION_PORT: String(ports[0]),
      DECISION_GRPC_PORT: String(ports[1]),
      DECISION_SYSLOG_PORT: String(ports[2]),
      DECISION_SECRET: DOOR_SECRET,
      // Nobody takes what is shipped: it stays to be read here.
      QUEUE_URL: 'redis://127.0.0.1:9',
    };
    gateway = await GatewayProcess.start(database, 2, folder, settings);
  });
  afterAll(async () => {
    await gateway?.end('SIGKILL');
    await database?.dispose();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  const headers = { 'tollgate-secret': DOOR_SECRET };
  const ask = async (): Promise<{ id: string; ticket: string }> => {
    const url = `http://127.0.0.1:${ports[0]}/envoy${catalog.version.basePath}/things`;
    const answer = await call(url, { headers, key });
    expect(answer.status).toBe(200);
    return { id: String(answer.headers['tollgate-request-id']), ticket: String(answer.headers['tollgate-ticket']) };
  };
  const report = (reports: readonly object[]): Promise<Answer> =>
    call(`http://127.0.0.1:${ports[0]}/reports`, { method: 'POST', headers, body: JSON.stringify(reports) });

  async function eventsOfAll(): Promise<UsageEvent[]> {
    const folders = fs.readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    return (await Promise.all(folders.map(({ name }) => readJournal(path.join(folder, name))))).flat();
  }

  const recorded = (ids: readonly string[]): Promise<UsageEvent[]> =>
    eventually(
      async () => (await eventsOfAll()).filter(({ id }) => ids.includes(id)),
      ({ length }) => length >= ids.length,
    );

  it('share the doors, and record each call once, whichever of them is told', async () => {
    const calls = [await ask(), await ask(), await ask(), await ask()];
    expect(new Set(calls.map(({ ticket }) => ticket.split('.')[1])).size).toBe(2);
    const told = (await report(calls.map(({ ticket }) => ({ ticket, status: 200 })))).json();
    expect(told).toEqual({ settled: 2, passed_on: 2 });
    const ofHttp = await recorded(calls.map(({ id }) => id));
    expect(ofHttp.map(({ reason }) => reason)).toEqual(['ok', 'ok', 'ok', 'ok']);

    const envoy = new EnvoyClient(ports[1], DOOR_SECRET);
    const verdict = await envoy.check({ path: `${catalog.version.basePath}/things`, headers: { 'x-api-key': key } });
    envoy.openAccessLog().write(loggedCalls({ metadata: verdict.metadata, status: 404 }));
    const [ofGrpc] = await recorded([verdict.clientHeaders['tollgate-request-id']!]);
    expect(ofGrpc).toMatchObject({ status: 404, reason: 'upstream_4xx' });
    envoy.close();

    const bySyslog = await ask();
    const line = `<190>Nov 29 12:00:00 tollgate: ${JSON.stringify({ ticket: bySyslog.ticket, status: '503' })}`;
    const socket = dgram.createSocket('udp4');
    await new Promise((resolve) => socket.send(line, ports[2], '127.0.0.1', resolve));
    socket.close();
    expect(await recorded([bySyslog.id])).toMatchObject([{ status: 503, reason: 'upstream_5xx' }]);
  });

  it('lose no call when all of them are killed', async () => {
    const calls = [await ask(), await ask(), await ask(), await ask()];
    const pids = await gateway.gatewayPids();
    await gateway.end('SIGKILL');
    for (const pid of pids) await eventually(() => isGone(pid), Boolean);
    gateway = await GatewayProcess.start(database, 2, folder, settings);
    await report(calls.map(({ ticket }) => ({ ticket, status: 200 })));
    expect(await recorded(calls.map(({ id }) => id))).toHaveLength(4);
    expect((await report(calls.map(({ ticket }) => ({ ticket, status: 500 })))).json()).not.toHaveProperty('settled');
    const all = await eventsOfAll();
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
  });
});

function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
}
