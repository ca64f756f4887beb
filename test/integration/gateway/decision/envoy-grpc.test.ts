import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DOOR_SECRET, decisionOptions } from '../../../support/decisions.js';
import { type AskedCall, EnvoyClient, type LoggedCall, loggedCalls } from '../../../support/envoy.js';
import { eventually } from '../../../support/eventually.js';
import { type GatewayUnderTest, call, startGatewayUnderTest } from '../../../support/gateway.js';

let under: GatewayUnderTest;
let envoy: EnvoyClient;
let log: ReturnType<EnvoyClient['openAccessLog']>;

beforeAll(async () => {
  under = await startGatewayUnderTest(
    {
      meters: [
        { slug: 'requests', bindings: [{ selector: '*', weight: '1' }] },
        {
          slug: 'tokens',
          bindings: [
            {
              selector: 'getThing',
              weight: '1',
              value: { from: 'response_header', header: 'X-Tokens', maximum: '100' },
            },
          ],
        },
      ],
      definition: {
        rateLimits: [{ name: 'minute', limit: 1000, windowSeconds: 60 }],
        billability: { abortedBeforeUpstream: { billable: false, quota: false } },
      },
      version: {
        policies: {
          sizes: { maxBodyBytes: 1_000 },
          authentication: { keys: { header: 'x-api-key', bearer: true, basicUser: false, queryParameter: 'key' } },
        },
      },
    },
    { decisions: decisionOptions({ port: null, grpcPort: 0 }) },
  );
  envoy = new EnvoyClient(under.gateway.decisionPorts.grpcPort!, DOOR_SECRET);
  log = envoy.openAccessLog();
});
afterAll(async () => {
  envoy?.close();
  await under?.dispose();
});

const ask = (options: Partial<AskedCall> = {}) =>
  envoy.check({
    path: `${under.catalog.version.basePath}/things`,
    headers: { 'x-api-key': under.consumer.key },
    ...options,
  });

async function metric(line: string): Promise<boolean> {
  const { body } = await call(`http://127.0.0.1:${under.gateway.adminPort}/metrics`);
  return body.includes(`${line}\n`);
}

describe('a question of Envoy by gRPC', () => {
  it('lets a call pass, with fields for the upstream and for the caller', async () => {
    const key = { 'x-api-key': under.consumer.key, 'x-consumer-plan': 'forged', x_tollgate_mode: 'forged' };
    const verdict = await ask({ headers: key });
    expect(verdict).toMatchObject({ code: 0, status: null, removedParameters: [] });
    expect(verdict.headers).toEqual({
      'x-consumer-id': under.consumer.application.organizationId,
      'x-consumer-application': under.consumer.application.id,
      'x-consumer-plan': under.catalog.plan.slug,
      'x-tollgate-request-id': verdict.clientHeaders['tollgate-request-id'],
    });
    expect([...verdict.removed].toSorted()).toEqual([
      'x-api-key',
      'x-consumer-features',
      'x-tollgate-mode',
      'x-tollgate-subset',
      'x_tollgate_mode',
    ]);
    expect(verdict.clientHeaders['ratelimit']).toMatch(/^"minute";r=\d+;t=\d+$/);
    expect(verdict.clientHeaders).not.toHaveProperty('tollgate-ticket');
  });

  it('denies a call with status, fields and body of the refusal', async () => {
    const refused = await ask({ headers: {} });
    expect(refused).toMatchObject({ code: 16, status: 401 });
    expect(refused.headers).toMatchObject({
      'content-type': 'application/problem+json',
      'www-authenticate': 'Bearer realm="tollgate"',
    });
    expect(JSON.parse(refused.body)).toMatchObject({ code: 'invalid_api_key' });
    const large = await ask({ method: 'POST', size: 1_001 });
    expect(large).toMatchObject({ code: 7, status: 413 });
  });

  it('takes a key out of the query', async () => {
    const path = `${under.catalog.version.basePath}/things?a=1&key=${under.consumer.key}`;
    expect(await ask({ path, headers: {} })).toMatchObject({ code: 0, removedParameters: ['key'] });
  });

  it('needs the secret, and an HTTP request to be asked about', async () => {
    const stranger = new EnvoyClient(under.gateway.decisionPorts.grpcPort!, 'another secret of proxies');
    await expect(stranger.check({ path: '/' })).rejects.toMatchObject({ code: 16 });
    stranger.close();
    await expect(ask({ address: '/run/envoy.sock' })).rejects.toMatchObject({ code: 3 });
  });
});

describe('the access log of Envoy', () => {
  const requestIds: string[] = [];
  beforeEach(() => (requestIds.length = 0));

  async function admitted(options: Partial<AskedCall> = {}) {
    const { metadata, clientHeaders } = await ask(options);
    requestIds.push(clientHeaders['tollgate-request-id']!);
    return { metadata };
  }
  const eventOfCall = (index = 0) => under.eventOf(requestIds[index]);

  it.each<[string, Omit<LoggedCall, 'metadata'>, object]>([
    [
      'an answer',
      { status: 200, bytesIn: 7, bytesOut: 11, attempts: 2 },
      { status: 200, reason: 'ok', billable: true, bytesIn: 7, bytesOut: 11, attempts: 2 },
    ],
    ['an error of the caller', { status: 404 }, { status: 404, reason: 'upstream_4xx', billable: false }],
    ['an error of the upstream', { status: 500 }, { status: 500, reason: 'upstream_5xx', billable: false }],
    [
      'a caller that was gone before the upstream was asked',
      { status: 0, attempts: 0, flags: { downstream_connection_termination: true } },
      { status: 499, outcome: 'client_aborted', billable: false, attempts: 0 },
    ],
    [
      'a caller that was gone in the middle',
      { status: 200, flags: { downstream_connection_termination: true } },
      { status: 200, outcome: 'client_aborted', reason: 'client_aborted', billable: true },
    ],
    [
      'an upstream that is not there',
      { status: 503, flags: { upstream_connection_failure: true } },
      { status: 503, outcome: 'upstream_refused', reason: 'upstream_refused', billable: false },
    ],
    [
      'no healthy upstream',
      { status: 503, attempts: 0, flags: { no_healthy_upstream: true } },
      { outcome: 'upstream_refused', billable: false },
    ],
    [
      'an upstream that is too slow',
      { status: 504, flags: { upstream_request_timeout: true } },
      { status: 504, outcome: 'upstream_timeout', billable: false },
    ],
    [
      'an upstream that breaks off',
      { status: 200, flags: { upstream_remote_reset: true } },
      { status: 200, outcome: 'upstream_broke', billable: false },
    ],
    [
      'too many calls to the upstream',
      { status: 503, attempts: 0, flags: { upstream_overflow: true } },
      { outcome: 'circuit_open', billable: false },
    ],
  ])('is judged as the gateway judges its own calls: %s', async (_, logged, wanted) => {
    log.write(loggedCalls({ ...(await admitted()), ...logged }));
    expect(await eventOfCall()).toMatchObject({ id: requestIds[0], seq: 0, ...wanted });
  });

  it('has what a call costs, where Envoy is told to log the field', async () => {
    const logged = await admitted({ path: `${under.catalog.version.basePath}/things/1` });
    log.write(loggedCalls({ ...logged, responseHeaders: { 'x-tokens': '42' } }));
    expect((await eventOfCall()).quantities).toEqual({ requests: '1', tokens: '42' });
  });

  it('records a call once, though its entry comes twice, and by two streams', async () => {
    const before = (await under.events()).length;
    const [one, other] = [await admitted(), await admitted()];
    const second = envoy.openAccessLog();
    log.write(loggedCalls(one, one, { ...one, status: 500 }));
    second.write(loggedCalls(one, other));
    log.write(loggedCalls(other));
    await Promise.all([eventOfCall(0), eventOfCall(1)]);
    await eventually(() => metric('tollgate_gateway_call_reports_total{verdict="duplicate"} 4'), Boolean);
    expect(
      (await under.events())
        .slice(before)
        .map(({ id }) => id)
        .toSorted(),
    ).toEqual(requestIds.toSorted());
    second.end();
  });

  it('needs no secret, as nobody but the proxy has tickets', async () => {
    const stranger = new EnvoyClient(under.gateway.decisionPorts.grpcPort!, '');
    stranger.openAccessLog().write(loggedCalls({ ...(await admitted()), status: 503 }));
    expect(await eventOfCall()).toMatchObject({ reason: 'upstream_5xx' });
    stranger.close();
  });

  it('skips entries of calls that were not admitted here', async () => {
    const admittedCall = await admitted();
    log.write(
      loggedCalls({ metadata: {} }, { metadata: { fields: { 'tollgate-ticket': { string_value: 'forged' } } } }),
    );
    log.write({ tcp_logs: { log_entry: [{ common_properties: { sample_rate: 1 } }] } });
    log.write(loggedCalls(admittedCall));
    expect(await eventOfCall()).toMatchObject({ reason: 'ok' });
  });

  it('keeps a long call waiting that Envoy says goes on', async () => {
    const { clock } = under.database;
    const [kept, forgotten] = [await admitted(), await admitted()];
    clock.moveTo(clock.nowMs() + 50_000);
    log.write(loggedCalls({ ...kept, isIntermediate: true, status: 0 }));
    const marker = await admitted();
    log.write(loggedCalls(marker));
    await eventOfCall(2);
    clock.moveTo(clock.nowMs() + 20_000);
    expect(await eventOfCall(1)).toMatchObject({ reason: 'unreported' });
    log.write(loggedCalls({ ...kept, status: 404 }));
    expect(await eventOfCall(0)).toMatchObject({ reason: 'upstream_4xx' });
    expect(forgotten.metadata).not.toEqual({});
  });
});
