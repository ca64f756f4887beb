import type { VersionHeader, VersionPolicies } from '#domain';
import { appendChange, saveApiVersion } from '#persistence';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type GatewayUnderTest, startGatewayUnderTest } from '../../support/gateway.js';
import { type TestUpstream, startUpstream } from '../../support/upstream.js';

let under: GatewayUnderTest;
let second: TestUpstream;
let secondId: string;
const header = (value: string, isDefault = false): VersionHeader => ({ name: 'X-API-Version', value, isDefault });
const policies: VersionPolicies = {
  cache: { routes: [{ selector: '*', ttlSeconds: 60, scope: 'shared', maxBodyBytes: 1_000 }] },
  cors: {
    allowOrigins: ['https://app.test'],
    allowMethods: [],
    allowHeaders: ['x-api-key'],
    exposeHeaders: [],
    allowCredentials: false,
    maxAgeSeconds: 60,
  },
};
beforeAll(async () => {
  under = await startGatewayUnderTest({ version: { versionHeader: header('v1'), policies } });
  second = await startUpstream();
  const { version } = under.catalog;
  secondId = under.database.context.ids.next();
  const v2 = { ...version, id: secondId, name: 'v2', position: 1, upstream: { ...version.upstream!, url: second.url } };
  const routes = [...version.routes, { method: 'PATCH', template: '/things/{id}', operation: 'changeThing', tags: [] }];
  await under.database.unitOfWork.inSystem(async (transaction) => {
    await saveApiVersion(transaction, { ...v2, routes, versionHeader: header('v2', true) });
    await appendChange(transaction, 'catalog', 'all', under.database.clock.now());
  });
  await under.sync();
  return async () => second.close();
});
afterAll(() => under.dispose());
beforeEach(() => {
  under.upstream.answer(200, '"first"');
  second.answer(200, '"second"');
});

const at = (version: string | readonly string[], path = '/things') =>
  under.call(path, { headers: { 'x-api-version': version } });

describe('versions of an API that are told apart by a header', () => {
  it('are called by it, and one of them without it', async () => {
    const answer = await at('v1', '/things/1');
    expect(answer).toMatchObject({ status: 200, body: '"first"' });
    expect(answer.headers.vary).toContain('X-API-Version');
    expect(await at('v2', '/things/1')).toMatchObject({ status: 200, body: '"second"' });
    expect(await under.call('/things/1')).toMatchObject({ status: 200, body: '"second"' });
    expect(under.upstream.requests.at(-1)!.headers['x-api-version']).toBe('v1');
    const events = await under.events();
    expect(new Set(events.map(({ apiVersionId }) => apiVersionId))).toEqual(
      new Set([under.catalog.version.id, secondId]),
    );
  });

  it('have answers of their own in the cache', async () => {
    for (const [version, body] of [
      ['v1', '"first"'],
      ['v2', '"second"'],
      ['v1', '"first"'],
    ] as const)
      expect((await at(version, '/things/cached')).body).toBe(body);
    expect((await at('v1', '/things/cached')).headers['cache-status']).toContain('hit');
    expect((await at('v2', '/things/cached')).headers['cache-status']).toContain('hit');
  });

  it('are named to whoever asks for another one, before anything else is looked at', async () => {
    for (const version of ['v3', 'V1', '', ['v1', 'v2']]) {
      const answer = await under.call('/things', { headers: { 'x-api-version': version, 'x-api-key': 'nonsense' } });
      expect(answer.json()).toMatchObject({
        status: 400,
        code: 'api_version_unknown',
        header: 'X-API-Version',
        versions: ['v1', 'v2'],
      });
      expect(answer.headers.vary).toContain('X-API-Version');
    }
  });

  it('have paths and methods of their own', async () => {
    const patch = (version: string) =>
      under.call('/things/1', { method: 'PATCH', headers: { 'x-api-version': version } });
    expect((await patch('v2')).status).toBe(200);
    expect((await patch('v1')).status).toBe(405);
  });

  it('can be called by pages, which say no version when they ask whether they may', async () => {
    const preflight = await under.call('/things/1', {
      method: 'OPTIONS',
      headers: { origin: 'https://app.test', 'access-control-request-method': 'PATCH' },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers['access-control-allow-methods']).toContain('PATCH');
    expect(preflight.headers['access-control-allow-headers']).toBe('x-api-key, X-API-Version');
  });

  it('must be said where none is the usual one', async () => {
    const setDefault = (isDefault: boolean) =>
      under.database.unitOfWork.inSystem(async (transaction) => {
        await transaction.query('UPDATE api_version SET version_header = $2 WHERE id = $1', [
          secondId,
          header('v2', isDefault),
        ]);
        await appendChange(transaction, 'catalog', 'all', under.database.clock.now());
      });
    await setDefault(false);
    await under.sync();
    expect((await under.call('/things')).json()).toMatchObject({
      status: 400,
      code: 'api_version_missing',
      header: 'X-API-Version',
      versions: ['v1', 'v2'],
    });
    expect((await at('v2')).status).toBe(200);
    await setDefault(true);
    await under.sync();
    expect((await under.call('/things')).status).toBe(200);
  });
});
