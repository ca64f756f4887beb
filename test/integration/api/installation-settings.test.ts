import { parseSettings, processReport } from '#config';
import { migrateQueueSchema } from '#queues';
import { type ProcessSelf, grantStaff, reportProcess } from '#services';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningGateway, startGateway } from '../../../apps/gateway/src/gateway.server.js';
import { CommandLine } from '../../support/command-line.js';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';
import { eventually } from '../../support/eventually.js';
import { gatewayOptions } from '../../support/gateway.js';
import { startWorker } from '../../support/running-worker.js';
import { type Person, RunningApi } from './running-api.js';

const CLI = { kind: 'cli', id: null } as const;
const DAY_MS = 86_400_000;

interface Settings {
  readonly processes: readonly { kind: string; name: string; isSilent: boolean; hasSettings: boolean }[];
  readonly missing: readonly { kind: string; name: string | null }[];
  readonly settings: readonly {
    name: string;
    description: string;
    differs: boolean;
    values: readonly { kind: string; value: string | null; isSet: boolean; processes: readonly string[] }[];
  }[];
}

describe('the settings in force', () => {
  let database: TestDatabase;
  let api: RunningApi;
  let operator: Person;
  let commandLine: CommandLine;
  let gateways: RunningGateway[];
  beforeAll(async () => {
    database = await createTestDatabase();
    api = await RunningApi.start(database);
    operator = await api.signUp('Operator');
    await grantStaff(database.context, { email: operator.email, grant: { role: 'operator' }, actor: CLI });
    commandLine = new CommandLine(database);
    gateways = [await aGateway('eu-1', '250'), await aGateway('eu-2', '900')];
  });
  afterAll(async () => {
    for (const gateway of gateways) await gateway.stop();
    commandLine.dispose();
    await api.stop();
    await database.dispose();
  });

  function settingsOf(gatewayId: string, rateStoreTimeoutMs: string) {
    return parseSettings('gateway', {
      DATABASE_URL: 'postgres://app:hidden-password@db.test/tollgate',
      KEY_PEPPERS: `1:${Buffer.alloc(32, 'hidden').toString('base64')}`,
      ENCRYPTION_KEYS: `1:${Buffer.alloc(32, 'hidden').toString('base64')}`,
      DECISION_SECRET: 'hidden-secret-of-proxies',
      JOURNAL_DIR: `/journal/${gatewayId}`,
      PORTAL_URL: 'https://portal.test',
      GATEWAY_ID: gatewayId,
      RATE_STORE_TIMEOUT_MS: rateStoreTimeoutMs,
    });
  }
  function aGateway(gatewayId: string, rateStoreTimeoutMs: string): Promise<RunningGateway> {
    const report = processReport('gateway', settingsOf(gatewayId, rateStoreTimeoutMs));
    return startGateway({ ...gatewayOptions(database, { gatewayId }), report });
  }
  const read = async () => (await api.call<Settings>('/api/v1/operator/settings', { as: operator })).body;
  const isThere = ({ processes }: Settings, name: string) => processes.some((process) => process.name === name);
  const everybody = () => eventually(read, (answer) => isThere(answer, 'eu-1') && isThere(answer, 'eu-2'));

  it('show what each process was started with, and where two gateways differ', async () => {
    const { processes, settings } = await everybody();
    expect(processes.map(({ kind, isSilent }) => [kind, isSilent])).toEqual([
      ['api', false],
      ['gateway', false],
      ['gateway', false],
    ]);
    const differing = settings.filter(({ differs }) => differs);
    expect(
      differing.map(({ name, values }) => [name, values.map(({ value, processes: who }) => [value, who])]),
    ).toEqual([
      [
        'RATE_STORE_TIMEOUT_MS',
        [
          ['250', ['eu-1']],
          ['900', ['eu-2']],
        ],
      ],
    ]);
    const described = settings.find(({ name }) => name === 'RATE_STORE_TIMEOUT_MS')!;
    expect(described.description).toBe('how long a call waits for the store of shared rate limits');
    const host = settings.find(({ name }) => name === 'HOST')!;
    expect(host.values.map(({ kind }) => kind)).toEqual(['api', 'gateway']);
  });

  it('have no secret in them, neither in the answer nor in the database', async () => {
    const answer = await everybody();
    const rows = await database.unitOfWork.inSystem((transaction) =>
      transaction.query<object>('SELECT * FROM running_process'),
    );
    for (const text of [JSON.stringify(answer), JSON.stringify(rows)]) {
      expect(text).not.toMatch(/hidden|aGlkZGVu|whsec_|sk_test/);
      expect(text).toContain('postgres://db.test/tollgate');
    }
    const pepper = answer.settings.find(({ name }) => name === 'KEY_PEPPERS')!;
    expect(pepper.values.every(({ value, isSet }) => value === null && isSet)).toBe(true);
  });

  it('are for operators only', async () => {
    const stranger = await api.signUp('Stranger');
    expect((await api.call('/api/v1/operator/settings')).status).toBe(401);
    expect((await api.call('/api/v1/operator/settings', { as: stranger })).status).toBe(403);
  });

  it('say which process does not tell its settings, and that there is none of a kind', async () => {
    const silent = await aSilentGateway();
    try {
      const { missing } = await read();
      expect(missing).toEqual([
        { kind: 'gateway', name: 'eu-3' },
        { kind: 'worker', name: null },
      ]);
    } finally {
      await silent.stop();
    }
    function aSilentGateway() {
      return startGateway(gatewayOptions(database, { gatewayId: 'eu-3' }));
    }
  });

  it('survive a row that is broken', async () => {
    const broken = [
      '"text"',
      '[{"name": 1}]',
      '[{"name": "<b>", "value": null, "isSet": true, "isDefault": true}]',
      'null',
    ];
    for (const [index, settings] of broken.entries()) {
      await database.unitOfWork.inSystem((transaction) =>
        transaction.query(
          `INSERT INTO running_process (kind, name, software_version, node_version, host_name, started_at, heartbeat_at, settings)
           VALUES ('worker', $1, '1', '1', 'elsewhere', $2, $2, $3::jsonb)`,
          [`broken-${index}`, database.clock.now(), settings],
        ),
      );
    }
    const { processes, settings } = await everybody();
    const found = processes.filter(({ kind }) => kind === 'worker');
    expect(found.map(({ hasSettings }) => hasSettings)).toEqual([false, false, false, false]);
    expect(settings.some(({ values }) => values.some(({ kind }) => kind === 'worker'))).toBe(false);
    await database.unitOfWork.inSystem((transaction) =>
      transaction.query(`DELETE FROM running_process WHERE kind = 'worker'`),
    );
  });

  it('are printed by the command line, which finds and filters', async () => {
    await everybody();
    const all = await commandLine.run('settings');
    expect(all.code).toBe(0);
    expect(all.output).toMatch(/^gateway {2}eu-1 {2}(running|silent since \S+) {2}started .*Node\.js v\d+/m);
    expect(all.output).toMatch(/^worker {2}none {2}missing/m);
    expect(all.output).toContain('KEY_PEPPERS=(set)');
    expect(all.output).not.toContain('hidden');
    const { output } = await commandLine.run('settings', '--differ');
    expect(output).toContain('RATE_STORE_TIMEOUT_MS=900  gateway eu-2  DIFFERS');
    expect(output).not.toContain('JOURNAL_DIR');
    const found = JSON.parse((await commandLine.run('settings', '--find', 'rate_store', '--json')).output) as Settings;
    expect(found.settings.map(({ name }) => name)).toEqual(['RATE_STORE_TIMEOUT_MS']);
  });

  it('forget a process that stops, at once', async () => {
    const third = await aGateway('eu-4', '250');
    await eventually(read, (answer) => isThere(answer, 'eu-4'));
    await third.stop();
    expect(isThere(await read(), 'eu-4')).toBe(false);
  });

  it('tell of a process that is gone as silent, and forget it a day later', async () => {
    const lost: ProcessSelf = {
      kind: 'worker',
      name: 'lost-1',
      hostName: 'lost',
      softwareVersion: '1.0.0',
      nodeVersion: 'v26.0.0',
      startedAt: database.clock.now(),
      settings: [],
    };
    await reportProcess(database.context, lost, { isFirst: true });
    database.clock.moveTo(database.clock.nowMs() + 20_000);
    const stateOf = async () => (await read()).processes.find(({ name }) => name === 'lost-1')?.isSilent;
    expect(await stateOf()).toBe(true);
    database.clock.moveTo(database.clock.nowMs() + DAY_MS);
    await reportProcess(database.context, { ...lost, name: 'other', hostName: 'other' }, { isFirst: true });
    expect(await stateOf()).toBeUndefined();
  });

  it('keep one row of a process that crashes again and again', async () => {
    for (let start = 0; start < 5; start++) {
      database.clock.moveTo(database.clock.nowMs() + 61_000);
      const self = {
        kind: 'worker',
        hostName: 'crashing',
        softwareVersion: '1',
        nodeVersion: '1',
        settings: [],
      } as const;
      await reportProcess(
        database.context,
        { ...self, name: `crashing-${start}`, startedAt: database.clock.now() },
        { isFirst: true },
      );
    }
    const { processes } = await read();
    expect(processes.filter(({ name }) => name.startsWith('crashing')).map(({ name }) => name)).toEqual(['crashing-4']);
  });
});

it('a worker tells of its settings while it runs', async () => {
  const database = await createTestDatabase();
  await migrateQueueSchema(database.ownerUrl);
  const worker = await startWorker(database, { DUNNING_GRACE_DAYS: '9' });
  const rows = () =>
    database.unitOfWork.inSystem((transaction) =>
      transaction.query<{ kind: string; settings: readonly { name: string; value: string | null }[] }>(
        'SELECT kind, settings FROM running_process',
      ),
    );
  const [row] = await eventually(rows, (found) => found.length > 0);
  expect(row!.kind).toBe('worker');
  expect(row!.settings.find(({ name }) => name === 'DUNNING_GRACE_DAYS')!.value).toBe('9');
  expect(row!.settings.find(({ name }) => name === 'STRIPE_SECRET_KEY')!.value).toBeNull();
  await worker.stop();
  expect(await rows()).toEqual([]);
  await database.dispose();
});
