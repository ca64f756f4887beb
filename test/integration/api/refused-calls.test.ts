import { randomUUID } from 'node:crypto';
import type { RefusedCalls } from '#domain';
import { writeRefusedCalls } from '#persistence';
import { grantStaff } from '#services';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';
import { aCredential, anApplication } from '../../support/factories.js';
import { applyFile, weatherApi, weatherProduct } from '../../support/weather-catalog.js';
import { type Person, RunningApi } from './running-api.js';

const start = new Date('2026-11-10T10:20:30Z');
const HOUR = 3_600_000;
const product = '/api/v1/publisher/products/weather/refused-calls';

interface Report {
  readonly code?: string;
  readonly calls: number;
  readonly bucket: string;
  readonly buckets: readonly { readonly at: string; readonly code: string; readonly calls: number }[];
  readonly kinds: readonly {
    readonly api: string;
    readonly version: string;
    readonly operation: string;
    readonly caller: { readonly organization: string; readonly application: string; readonly key: string } | null;
    readonly code: string;
    readonly calls: number;
    readonly lastAt: string;
  }[];
}

let database: TestDatabase;
let api: RunningApi;
let ada: Person;
let bob: Person;
let own: string;

beforeAll(async () => {
  database = await createTestDatabase(start.toISOString());
  api = await RunningApi.start(database);
  await applyFile(database, { apis: [weatherApi({ v1: {}, v2: {} })], products: [weatherProduct({ plans: [] })] });
  const rows = <Row>(sql: string, parameters: readonly unknown[] = []) =>
    database.unitOfWork.inSystem((transaction) => transaction.query<Row>(sql, parameters));
  const [version] = await rows<{ id: string }>(`SELECT id FROM api_version WHERE name = 'v1'`);
  await rows(`INSERT INTO publisher_team (id, slug, name, created_at) VALUES ($1, 'sea', 'Sea', $2)`, [
    randomUUID(),
    start,
  ]);
  [ada, bob] = [await api.signUp('Ada'), await api.signUp('Bob')];
  const actor = { kind: 'cli', id: null } as const;
  await grantStaff(database.context, { email: ada.email, grant: { team: 'sky' }, actor });
  await grantStaff(database.context, { email: bob.email, grant: { team: 'sea' }, actor });
  const application = await anApplication(database, { organizationId: ada.organizationId, name: 'Kite' });
  const { credential } = await aCredential(database, { application });
  own = `/api/v1/organizations/${ada.organizationId}/usage/refused`;
  const refused = (hoursAgo: number, changes: Partial<RefusedCalls> = {}): RefusedCalls => ({
    apiVersionId: version!.id,
    startsAtMs: start.getTime() - (start.getTime() % HOUR) - hoursAgo * HOUR,
    operation: 'getNow',
    applicationId: application.id,
    credentialId: credential.id,
    mode: 'live',
    code: 'rate_limit_exceeded',
    status: 429,
    calls: 3,
    lastAtMs: start.getTime() - hoursAgo * HOUR,
    ...changes,
  });
  const nobody = { applicationId: null, credentialId: null, mode: null };
  await database.unitOfWork.inSystem((transaction) =>
    writeRefusedCalls(transaction, { gatewayId: 'gateway-1', epoch: 1 }, [
      refused(0),
      refused(2),
      refused(0, { code: 'operation_not_in_plan', status: 403, calls: 1 }),
      refused(0, { ...nobody, code: 'invalid_api_key', status: 401, calls: 9 }),
      refused(100, { calls: 4 }),
      refused(0, { apiVersionId: randomUUID(), ...nobody, calls: 50 }),
    ]),
  );
});
afterAll(async () => {
  await api.stop();
  await database.dispose();
});

const get = (address: string, as = ada) => api.call<Report>(address, { as });
const hours = (from: number, more = '') =>
  `?from=${new Date(start.getTime() - from * HOUR).toISOString()}&to=${start.toISOString()}${more}`;
const shown = ({ kinds }: Report) =>
  kinds.map(({ operation, caller, code, calls }) =>
    [operation, caller?.organization, caller?.application, code, calls].join(' '),
  );

describe('refused calls', () => {
  it('are told to the organization whose keys were used, by the hour and by kind', async () => {
    const { status, body } = await get(own + hours(24));
    expect(status).toBe(200);
    expect(body).toMatchObject({ calls: 7, bucket: 'hour' });
    expect(body.buckets.map(({ at, code, calls }) => [at, code, calls])).toEqual([
      ['2026-11-10T08:00:00.000Z', 'rate_limit_exceeded', 3],
      ['2026-11-10T10:00:00.000Z', 'operation_not_in_plan', 1],
      ['2026-11-10T10:00:00.000Z', 'rate_limit_exceeded', 3],
    ]);
    expect(body.kinds).toMatchObject([
      { api: 'weather', version: 'v1', code: 'rate_limit_exceeded', calls: 6, lastAt: start.toISOString() },
      { code: 'operation_not_in_plan', calls: 1 },
    ]);
    expect((await get(own + hours(200))).body).toMatchObject({ calls: 11, bucket: 'day' });
    expect((await get(own + hours(24, '&operation=other'))).body.calls).toBe(0);
  });

  it('are told to the publisher of the APIs, with those of callers that nobody knows', async () => {
    const { status, body } = await get(product);
    expect(status).toBe(200);
    const name = body.kinds.find(({ caller }) => caller !== null)!.caller!.organization;
    expect(body.calls).toBe(3 + 3 + 1 + 9 + 4);
    expect(shown(body)).toEqual([
      `getNow ${name} Kite rate_limit_exceeded 10`,
      'getNow   invalid_api_key 9',
      `getNow ${name} Kite operation_not_in_plan 1`,
    ]);
    expect((await get(`${product}?days=1`)).body.calls).toBe(16);
    expect((await get(`${product}?apiVersionId=${randomUUID()}`)).body.calls).toBe(0);
  });

  it('are nothing to anybody else', async () => {
    expect((await get(own + hours(24), bob)).status).toBe(404);
    expect((await get(product, bob)).status).toBe(404);
    const [ofBob] = [`/api/v1/organizations/${bob.organizationId}/usage/refused`];
    expect((await get(ofBob + hours(24), bob)).body).toMatchObject({ calls: 0, kinds: [] });
  });

  it('are refused over a time that is not kept, and with what is not known', async () => {
    expect((await get(own + hours(32 * 24))).body.code).toBe('usage_range_invalid');
    expect((await get(own + hours(-1))).body.code).toBe('usage_range_invalid');
    for (const query of ['?days=32', '?days=0', '?bucket=hour']) expect((await get(product + query)).status).toBe(400);
  });
});
