import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { MAX_BODY_BYTES } from '../../../apps/api/src/gateway-call/gateway-client.js';
import { GatewayCaller } from '../../../apps/api/src/try-it/gateway-caller.js';
import { eventually } from '../../support/eventually.js';
import { aCatalog, aCredential, aSubscriptionTo, anApplication, testPeppers } from '../../support/factories.js';
import { type GatewayUnderTest, startGatewayUnderTest } from '../../support/gateway.js';
import { pointUpstreamAt } from '../../support/upstream-place.js';
import { type Person, RunningApi } from './running-api.js';

interface Tried {
  readonly status: number;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  readonly text: string | null;
  readonly bytes: number;
  readonly cut: string | null;
  readonly durationMs: number;
  readonly code: string;
  readonly detail: string;
}

interface Issued {
  readonly key: string;
  readonly credential: {
    readonly id: string;
    readonly mode: string;
    readonly isTryIt: boolean;
    readonly expiresAt: string;
  };
}

const PEPPERS = testPeppers.map(({ id, secret }) => `${id}:${secret.toString('base64')}`).join(',');
const HOUR_MS = 3_600_000;
const TOKENS = { from: 'response_json', pointer: '/tokens', maximum: '400' } as const;

describe('trying out calls from the documentation', () => {
  let under: GatewayUnderTest;
  let api: RunningApi;
  let ada: Person;
  let bob: Person;
  let applicationId: string;

  beforeAll(async () => {
    under = await startGatewayUnderTest();
    api = await RunningApi.start(under.database, { GATEWAY_URL: under.origin, KEY_PEPPERS: PEPPERS });
    [ada, bob] = [await api.signUp('Ada'), await api.signUp('Bob')];
    applicationId = (await anApplication(under.database, { organizationId: ada.organizationId })).id;
  });
  beforeEach(async () => {
    under.upstream.answer();
    // Calls are counted by the minute.
    under.database.clock.moveTo(under.database.clock.nowMs() + 61_000);
  });
  afterAll(async () => {
    await api.stop();
    await under.dispose();
  });

  const at = (part: string, application = applicationId, person = ada) =>
    `/api/v1/organizations/${person.organizationId}/applications/${application}/try-it/${part}`;
  const issue = (application = applicationId, person = ada) =>
    api.call<Issued & { code: string }>(at('keys', application, person), { as: person, method: 'POST' });
  const aKey = async () => {
    const { body } = await issue();
    await under.sync();
    return body.key;
  };
  const send = (request: object, person = ada, application = applicationId) =>
    api.call<Tried>(at('calls', application, person), {
      as: person,
      body: { api: under.catalog.api.slug, version: 'v1', method: 'GET', path: '/things', ...request },
    });

  describe('the key', () => {
    it('is a test key of an hour that the list of keys and the audit log show as what it is', async () => {
      const { status, body } = await issue();
      expect(status).toBe(201);
      expect(body.key).toMatch(/^tg_test_/);
      expect(body.credential).toMatchObject({ mode: 'test', isTryIt: true });
      expect(new Date(body.credential.expiresAt).getTime() - under.database.clock.nowMs()).toBe(HOUR_MS);
      const listed = await api.call<{ credentials: { id: string; isTryIt: boolean }[] }>(
        `/api/v1/organizations/${ada.organizationId}/applications/${applicationId}/credentials`,
        { as: ada },
      );
      expect(listed.body.credentials.find(({ id }) => id === body.credential.id)).toMatchObject({ isTryIt: true });
      const log = await api.call<{ entries: { nounId: string; action: string }[] }>(
        `/api/v1/organizations/${ada.organizationId}/audit-log`,
        { as: ada },
      );
      expect(log.text).toContain(body.credential.id);
      expect(log.text).not.toContain(body.key);
    });

    it('is one of five at most: a sixth ends the oldest, also when several are made at once', async () => {
      const application = (await anApplication(under.database, { organizationId: ada.organizationId })).id;
      const first = await issue(application);
      await Promise.all(Array.from({ length: 7 }, () => issue(application)));
      const { body } = await api.call<{ credentials: { id: string; revokedAt: string | null }[] }>(
        `/api/v1/organizations/${ada.organizationId}/applications/${application}/credentials`,
        { as: ada },
      );
      expect(body.credentials.length).toBe(8);
      expect(body.credentials.filter(({ revokedAt }) => revokedAt === null).length).toBe(5);
      expect(body.credentials.find(({ id }) => id === first.body.credential.id)!.revokedAt).not.toBeNull();
    });

    it('cannot be made to live longer, nor take a successor; it can be revoked', async () => {
      const { body } = await issue();
      const address = `/api/v1/organizations/${ada.organizationId}/credentials/${body.credential.id}`;
      const later = new Date(under.database.clock.nowMs() + 100 * HOUR_MS).toISOString();
      const edited = await api.call(address, {
        as: ada,
        method: 'PATCH',
        body: { expiresAt: later },
        headers: { 'if-match': '*' },
      });
      expect(edited).toMatchObject({ status: 409, body: { code: 'try_it_key_fixed' } });
      const rotated = await api.call(`${address}/rotate`, { as: ada, body: { overlapSeconds: 0 } });
      expect(rotated).toMatchObject({ status: 409, body: { code: 'try_it_key_fixed' } });
      expect((await api.call(`${address}/revoke`, { as: ada, method: 'POST' })).status).toBe(200);
      await under.sync();
      expect((await send({ key: body.key })).body.status).toBe(401);
    });

    it('is never of an application of somebody else', async () => {
      expect(await issue(applicationId, bob)).toMatchObject({ status: 404, body: { code: 'application_not_found' } });
    });
  });

  describe('the call', () => {
    it('goes to the gateway and shows status, headers and body with the receipt and what is left', async () => {
      under.upstream.answer(201, '{"id":"x"}', { 'x-own': 'yes', 'set-cookie': 'a=b; Path=/' });
      const answer = await send({
        key: await aKey(),
        method: 'POST',
        path: '/things?tag=a%20b&tag=c',
        headers: [
          { name: 'Content-Type', value: 'application/json' },
          { name: 'X-Trace', value: 'one two' },
        ],
        body: '{"name":"é"}',
      });
      expect(answer.status).toBe(200);
      expect(answer.body).toMatchObject({ status: 201, text: '{"id":"x"}', cut: null });
      const field = (name: string) => answer.body.headers.find((one) => one.name === name)?.value;
      expect(field('usage')).toBe('"requests";cost=1;billable=?0;reason="test_mode"');
      expect(field('ratelimit')).toMatch(/^"test";r=\d+;t=\d+$/);
      expect(field('x-own')).toBe('yes');
      // What the upstream sets is shown, and sets nothing here.
      expect(answer.headers.getSetCookie()).toEqual([]);
      const sent = under.upstream.requests.at(-1)!;
      expect(sent).toMatchObject({ method: 'POST', body: '{"name":"é"}' });
      expect(sent.url).toContain('/things?tag=a%20b&tag=c');
      expect(sent.headers).toMatchObject({ 'x-trace': 'one two', 'content-type': 'application/json' });
      expect(sent.headers['cookie']).toBeUndefined();
      expect(sent.headers['x-api-key']).toBeUndefined();
      const event = await under.eventOf(field('tollgate-request-id'));
      expect(event).toMatchObject({ mode: 'test', billable: false, subscriptionId: null });
    });

    it('keeps the key out of the log', async () => {
      const key = await aKey();
      await send({ key });
      expect(api.logLines.length).toBeGreaterThan(0);
      expect(api.logLines.filter((line) => line.includes(key.slice(-38)))).toEqual([]);
    });

    it('gives answers of the gateway as they are, refusals too, and follows no redirect', async () => {
      const key = await aKey();
      expect((await send({ key, path: '/nothing' })).body).toMatchObject({ status: 404 });
      under.upstream.answer(302, '', { location: 'http://169.254.169.254/latest/meta-data' });
      expect((await send({ key })).body).toMatchObject({ status: 302, text: '' });
      under.upstream.answer(500, '<script>globalThis.ran = 1</script>', { 'content-type': 'text/html' });
      const hostile = await send({ key });
      expect(hostile.body).toMatchObject({ status: 500, text: '<script>globalThis.ran = 1</script>' });
      expect(hostile.headers.get('content-type')).toMatch(/^application\/json/);
      expect(hostile.headers.get('x-content-type-options')).toBe('nosniff');
    });

    it('takes test keys of the application only: no live one, none of others, none that is made up', async () => {
      const application = await anApplication(under.database, { organizationId: ada.organizationId });
      const live = await aCredential(under.database, { application: { ...application, id: applicationId } });
      const other = await aCredential(under.database, { application, mode: 'test' });
      const foreign = await aCredential(under.database, {
        application: await anApplication(under.database, { organizationId: bob.organizationId }),
        mode: 'test',
      });
      const own = await aKey();
      const forged = own.slice(0, -1) + (own.endsWith('a') ? 'b' : 'a');
      const before = under.upstream.requests.length;
      expect(await send({ key: live.key })).toMatchObject({ status: 400, body: { code: 'live_key_refused' } });
      for (const key of [other.key, foreign.key, forged, 'x', `${own} `]) {
        expect(await send({ key })).toMatchObject({ status: 400, body: { code: 'key_not_of_application' } });
      }
      expect(await send({ key: own }, bob)).toMatchObject({ status: 404, body: { code: 'application_not_found' } });
      expect(under.upstream.requests.length).toBe(before);
    });

    it.each([
      ['another host', '//evil.example/things'],
      ['an absolute address', 'http://evil.example/things'],
      ['another scheme', 'file:///etc/passwd'],
      ['a user', '@evil.example/things'],
      ['a way out of the API', '/../../other/v1/things'],
      ['an encoded way out', '/%2e%2e/%2E%2E/other/v1/things'],
      ['a half encoded way out', '/.%2e/x'],
      ['backslashes', '/\\evil.example/things'],
      ['a line break', '/things\r\nX-Injected: 1'],
      ['a raw space', '/a b'],
      ['a fragment', '/things#x'],
      ['a tab', '/th\tings'],
      ['no slash', 'things'],
    ])('refuses a path with %s', async (_what, path) => {
      const before = under.upstream.requests.length;
      expect(await send({ key: await aKey(), path })).toMatchObject({
        status: 400,
        body: { code: 'path_not_canonical' },
      });
      expect(under.upstream.requests.length).toBe(before);
    });

    it.each([
      'Host',
      'Cookie',
      'Content-Length',
      'Transfer-Encoding',
      'Connection',
      'Upgrade',
      'Authorization',
      'X-Api-Key',
      'X_Api_Key',
      'X-Forwarded-For',
      'X-Consumer-Id',
      'Proxy-Authorization',
      'Sec-Fetch-Mode',
    ])('refuses the header %s', async (name) => {
      const answer = await send({ key: await aKey(), headers: [{ name, value: '1' }] });
      expect(answer).toMatchObject({ status: 400, body: { code: 'header_not_allowed' } });
    });

    it('refuses a header that would be two, and one with a line break', async () => {
      const key = await aKey();
      const twice = [
        { name: 'X-One', value: '1' },
        { name: 'x-one', value: '2' },
      ];
      expect((await send({ key, headers: twice })).body.code).toBe('header_not_allowed');
      expect((await send({ key, headers: [{ name: 'X-One', value: '1\r\nX-Two: 2' }] })).status).toBe(400);
    });

    it('shows the beginning of an endless answer, and of bytes that are no text only their number', async () => {
      const key = await aKey();
      under.upstream.handle((_request, response) => {
        response.writeHead(200, { 'content-type': 'text/plain' });
        const more = () => {
          while (!response.destroyed && response.write('é'.repeat(8_192)));
        };
        response.on('drain', more);
        more();
      });
      const endless = await send({ key });
      expect(endless.body).toMatchObject({ status: 200, cut: 'size', bytes: MAX_BODY_BYTES });
      expect(endless.body.text!.replaceAll('é', '')).toBe('');
      under.upstream.handle((_request, response) => response.end(Buffer.from([0xff, 0xfe, 0, 1])));
      expect((await send({ key })).body).toMatchObject({ text: null, bytes: 4, cut: null });
    });

    it('says what the gateway says of an upstream that is too slow', async () => {
      const key = await aKey();
      const { upstream } = under.catalog.version;
      await pointUpstreamAt(under, { responseTimeoutMs: 200 });
      under.upstream.handle(() => {});
      expect((await send({ key })).body).toMatchObject({ status: 504 });
      await pointUpstreamAt(under, upstream!);
    });

    it('is for pages of the portal only', async () => {
      const body = { api: under.catalog.api.slug, version: 'v1', method: 'GET', path: '/things', key: await aKey() };
      const answer = await api.call(at('calls'), { as: ada, body, headers: { origin: 'https://evil.example' } });
      expect(answer.status).toBe(403);
    });

    it('is made sixty times a minute at most', async () => {
      const application = (await anApplication(under.database, { organizationId: bob.organizationId })).id;
      const { body } = await issue(application, bob);
      await under.sync();
      const statuses: number[] = [];
      for (let call = 0; call < 61; call++) statuses.push((await send({ key: body.key }, bob, application)).status);
      expect(statuses.indexOf(429)).toBe(59);
    });
  });

  describe('what it would cost', () => {
    const preview = (request: object = {}, application = applicationId, person = ada) =>
      api.call<{
        test: { limit: number; used: number } | null;
        live: Record<string, unknown> | null;
        products: readonly object[];
      }>(at('preview', application, person), {
        as: person,
        body: { api: under.catalog.api.slug, version: 'v1', method: 'GET', template: '/things', ...request },
      });

    it('says where to subscribe when the application has no plan, and that test calls are free', async () => {
      const { slug, title } = under.catalog.product;
      expect((await preview()).body).toMatchObject({
        test: { limit: 100, used: 0, product: { slug } },
        live: null,
        products: [{ slug, title }],
      });
    });

    it('prices the next call by the plan, and says what is left of its quota', async () => {
      const { database, upstream } = under;
      const application = await anApplication(database, { organizationId: ada.organizationId });
      const catalog = await aCatalog(database, {
        upstreamUrl: upstream.url,
        meters: [
          { bindings: [{ selector: 'listThings', weight: '5' }] },
          { slug: 'tokens', title: 'Tokens', unit: 'token', bindings: [{ selector: '*', weight: '1', value: TOKENS }] },
        ],
        definition: {
          prices: [
            { meter: 'requests', included: '0', price: { model: 'per_unit', unitAmount: '0.0015' } },
            { meter: 'tokens', included: '0', aggregation: 'max', price: { model: 'per_unit', unitAmount: '1' } },
          ],
          quotas: [
            { name: 'included', meter: 'requests', limit: 5000, enforcement: 'soft' },
            { name: 'monthly', meter: 'requests', limit: 1000, enforcement: 'hard' },
          ],
          billability: { clientError: { billable: true, operations: ['listThings'] } },
        },
      });
      const { subscription } = await aSubscriptionTo(database, { application, catalog });
      const { body } = await preview({ api: catalog.api.slug }, application.id);
      expect(body.live).toEqual({
        subscriptionId: subscription.id,
        product: { slug: catalog.product.slug, title: 'Weather' },
        plan: { slug: 'pro', title: 'Pro' },
        isIncluded: true,
        currency: 'USD',
        meters: [
          { slug: 'requests', title: 'Requests', unit: 'request', units: '5', isMaximum: false, amount: '0.0075' },
          { slug: 'tokens', title: 'Tokens', unit: 'token', units: '400', isMaximum: true, amount: null },
        ],
        billedFor: ['success', 'clientError'],
        quotas: [
          { name: 'monthly', limit: 1000, used: '0', enforcement: 'hard', unit: 'request' },
          { name: 'included', limit: 5000, used: '0', enforcement: 'soft', unit: 'request' },
        ],
      });
      const other = await preview({ api: catalog.api.slug, template: '/things/{id}' }, application.id);
      expect(other.body.live).toMatchObject({ meters: [{ slug: 'tokens' }], billedFor: ['success'], quotas: [] });
    });

    it('does not know of an operation that the version does not have, or of somebody else’s application', async () => {
      expect(await preview({ template: '/nothing' })).toMatchObject({
        status: 404,
        body: { code: 'operation_not_found' },
      });
      expect(await preview({}, applicationId, bob)).toMatchObject({
        status: 404,
        body: { code: 'application_not_found' },
      });
    });
  });
});

describe('the way to the gateway', () => {
  const listen = async (handler: http.RequestListener) => {
    const server = http.createServer(handler);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return { url, close: () => (server.closeAllConnections(), server.close()) };
  };
  const call = { method: 'GET', path: '/', headers: {}, body: null, timeoutMs: 300 } as const;

  it('gives what came when the time is over, and nothing when nothing came', async () => {
    const slow = await listen((request, response) => {
      if (request.url === '/silent') return;
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: 1\n\n');
    });
    const caller = new GatewayCaller({ GATEWAY_URL: slow.url, GATEWAY_INTERNAL_URL: undefined });
    expect(await caller.call(call)).toMatchObject({ status: 200, text: 'data: 1\n\n', cut: 'time' });
    await expect(caller.call({ ...call, path: '/silent' })).rejects.toMatchObject({ code: 'gateway_timeout' });
    await caller.onModuleDestroy();
    slow.close();
  });

  it('prefers the inner address, and says which setting is wrong when nobody is there', async () => {
    const inner = await listen((_request, response) => response.end('inner'));
    const caller = new GatewayCaller({ GATEWAY_URL: 'http://127.0.0.1:9', GATEWAY_INTERNAL_URL: inner.url });
    expect(
      await eventually(
        () => caller.call(call),
        () => true,
      ),
    ).toMatchObject({ text: 'inner' });
    inner.close();
    const nobody = new GatewayCaller({ GATEWAY_URL: 'http://127.0.0.1:9', GATEWAY_INTERNAL_URL: undefined });
    await expect(nobody.call(call)).rejects.toMatchObject({ code: 'gateway_unreachable' });
    await caller.onModuleDestroy();
    await nobody.onModuleDestroy();
  });
});
