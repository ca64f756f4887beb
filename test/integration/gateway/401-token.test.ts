import { generateKeyPairSync } from 'node:crypto';
import { Agent } from 'undici';
import { fetchJson } from '../../../apps/gateway/src/identity/fetch-json.js';
import { guardedConnector } from '#outbound';
import { type JwtClaims, type JwtPolicy, signJwt } from '#domain';
import { addIdentity, removeIdentity } from '#services';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.js';
import { aCredential, anApplication } from '../../support/factories.js';
import { type Answer, type GatewayUnderTest, call, startGatewayUnderTest } from '../../support/gateway.js';
import { TokenIssuer } from '../../support/token-issuer.js';

const actor = { kind: 'cli', id: null } as const;
let issuer: TokenIssuer;
let under: GatewayUnderTest;

const jwtPolicy = (overrides: Partial<JwtPolicy> = {}): JwtPolicy => ({
  issuer: issuer.url,
  audiences: ['atlas'],
  algorithms: ['RS256', 'ES256', 'EdDSA'],
  jwksUrl: null,
  applicationClaim: 'client_id',
  applicationBy: 'identity',
  clockSkewSeconds: 30,
  requiredScopes: [{ selector: 'POST /things', scopes: ['write'] }],
  isForwarded: false,
  ...overrides,
});
const start = (
  policy: Partial<JwtPolicy> = {},
  allowsPrivateIssuers = true,
  minRefreshMs = 1,
): Promise<GatewayUnderTest> =>
  startGatewayUnderTest(
    { version: { policies: { authentication: { jwt: jwtPolicy(policy) } } } },
    { allowsPrivateIssuers, keySets: { minRefreshMs } },
  );
const map = (on: GatewayUnderTest, value: string, applicationId = on.consumer.application.id) =>
  addIdentity(on.database.context, { applicationId, kind: 'jwt', issuer: issuer.url, value, actor });
const withToken = (token: string, headers: Record<string, string> = {}, method = 'GET', on = under): Promise<Answer> =>
  call(`${on.url}/things`, { method, headers: { authorization: `Bearer ${token}`, ...headers } });

beforeAll(async () => {
  issuer = await TokenIssuer.start();
  under = await start();
  await map(under, 'billing-job');
  await under.sync();
});
afterAll(async () => {
  await under.dispose();
  await issuer.close();
});
beforeEach(() => {
  under.upstream.requests.length = 0;
  issuer.isDown = false;
  issuer.body = null;
});

const expectInvalid = (answer: Answer): void => {
  expect(answer.status).toBe(401);
  expect(answer.headers['www-authenticate']).toBe('Bearer realm="tollgate", error="invalid_token"');
  expect(answer.json()).toMatchObject({
    code: 'invalid_token',
    detail: 'The access token is not valid here. Get a new one from its issuer.',
  });
  expect(under.upstream.requests).toEqual([]);
};

describe('a call with an access token', () => {
  it('is a call of the application that its claim stands for, and the token goes no further', async () => {
    const { application } = under.consumer;
    const answer = await withToken(issuer.token({ client_id: 'billing-job' }));
    expect(answer.status).toBe(200);
    const { headers } = under.upstream.requests[0]!;
    expect(headers['x-consumer-application']).toBe(application.id);
    expect(headers).not.toHaveProperty('authorization');
    const event = await under.eventOf(answer.headers['tollgate-request-id']);
    expect(event).toMatchObject({ applicationId: application.id, mode: 'live', billable: true });
  });

  it.each(['RS256', 'EdDSA', 'ES256'] as const)('may be signed with %s', async (algorithm) => {
    issuer.rotate(algorithm);
    const token = issuer.token({ client_id: 'billing-job' });
    const answer = await eventually(
      () => withToken(token),
      ({ status }) => status === 200,
    );
    expect(answer.status).toBe(200);
  });

  it.each<[string, JwtClaims]>([
    ['has ended', { exp: 1_000_000_000 }],
    ['never ends', { exp: undefined }],
    ['is for another audience', { aud: 'other' }],
    ['is of another issuer', { iss: 'https://other.test' }],
    ['begins later', { nbf: 4_000_000_000 }],
    ['names nobody', { client_id: undefined }],
    ['names a stranger', { client_id: 'stranger' }],
  ])('is refused when the token %s', async (_what, claims) => {
    expectInvalid(await withToken(issuer.token({ client_id: 'billing-job', ...claims })));
  });

  it('is refused with a token that another key signed, or nobody', async () => {
    const claims = { iss: issuer.url, aud: 'atlas', exp: 4_000_000_000, client_id: 'billing-job' };
    const strange = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    expectInvalid(await withToken(signJwt(claims, 'ES256', issuer.keys[0]!.id, strange.privateKey)));
    const token = issuer.token(claims);
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const [head, , signature] = token.split('.');
    expectInvalid(await withToken(`${head}.${part({ ...claims, client_id: 'other' })}.${signature}`));
    expectInvalid(await withToken(`${part({ alg: 'none' })}.${part(claims)}.AAAA`));
    // The published key as a shared secret: the classic confusion of algorithms.
    expectInvalid(await withToken(`${part({ alg: 'HS256', kid: issuer.keys[0]!.id })}.${part(claims)}.${signature}`));
    expect((await withToken(token)).status).toBe(200);
  });

  it('is refused beside a good key when nobody has signed the token, however it is written', async () => {
    const unsigned = (header: string) =>
      `${Buffer.from(header).toString('base64url')}.${Buffer.from('{"client_id":"billing-job"}').toString('base64url')}`;
    const token = issuer.token({ client_id: 'billing-job' });
    const forged = `${unsigned('{"alg":"RS256"}')}.AAAA`;
    const authorizations = [
      `Bearer ${unsigned('{"alg":"none"}')}.`,
      `Bearer ${unsigned('{"alg":"RSA-OAEP","enc":"A128GCM"}')}.a.b.c`,
      `Bearer ${unsigned('{ \n"alg":"none"}')}.AAAA`,
      `Bearer ${unsigned('\n{"alg":"none"}')}.AAAA`,
      `Bearer ${forged} more`,
      `Bearer ${forged}, Bearer ${token}`,
      `Bearer ${under.consumer.key},${forged}`,
      `Bearer \t${forged}`,
      `Bearer\u{a0}${forged}`,
      `\u{a0}Bearer ${forged}`,
    ];
    for (const authorization of authorizations) {
      const headers = { 'x-api-key': under.consumer.key, authorization };
      expectInvalid(await call(`${under.url}/things`, { headers }));
    }
    // What is no token may be for the upstream.
    const headers = { 'x-api-key': under.consumer.key, authorization: 'Bearer of.the.upstream' };
    expect((await call(`${under.url}/things`, { headers })).status).toBe(200);
    expect(under.upstream.requests[0]!.headers.authorization).toBe('Bearer of.the.upstream');
  });

  it('is refused without any credential in other words, and served with a key', async () => {
    const bare = await call(`${under.url}/things`);
    expect(bare.status).toBe(401);
    expect(bare.json()).toMatchObject({ code: 'credentials_missing' });
    expect((await under.call('/things')).status).toBe(200);
    expect((await under.call('/things', { key: 'nonsense' })).json()).toMatchObject({ code: 'invalid_api_key' });
  });

  it('needs the scopes of its operation', async () => {
    const without = await withToken(issuer.token({ client_id: 'billing-job', scope: 'read' }), {}, 'POST');
    expect(without.status).toBe(403);
    expect(without.json()).toMatchObject({ code: 'insufficient_scope' });
    expect(without.headers['www-authenticate']).toContain('error="insufficient_scope", scope="write"');
    const having = await withToken(issuer.token({ client_id: 'billing-job', scope: 'read write' }), {}, 'POST');
    expect(having.status).toBe(200);
  });

  it('may carry a key of the same application; with one of another it is refused', async () => {
    const token = issuer.token({ client_id: 'billing-job' });
    const same = await withToken(token, { 'x-api-key': under.consumer.key });
    expect(same.status).toBe(200);
    const other = await aCredential(under.database, { application: await anApplication(under.database) });
    await under.sync();
    const differing = await withToken(token, { 'x-api-key': other.key });
    expect(differing.status).toBe(400);
    expect(differing.json()).toMatchObject({ code: 'conflicting_credentials' });
  });

  it('is refused within a second after the name was taken away', async () => {
    const identity = await map(under, 'short-lived');
    const token = issuer.token({ client_id: 'short-lived' });
    await eventually(
      () => withToken(token),
      ({ status }) => status === 200,
    );
    await removeIdentity(under.database.context, { identityId: identity.id, actor });
    await eventually(
      () => withToken(token),
      ({ status }) => status === 401,
    );
  });

  it('ends with its token, also when that was verified before', async () => {
    const expiresAt = new Date(under.database.clock.nowMs() + 60_000);
    const token = issuer.token({ client_id: 'billing-job', exp: expiresAt.getTime() / 1000 });
    expect((await withToken(token)).status).toBe(200);
    under.database.clock.moveTo(new Date(expiresAt.getTime() + 30_000));
    under.upstream.requests.length = 0;
    expectInvalid(await withToken(token));
  });
});

describe('the keys of an issuer', () => {
  it('are read before the first call, and anew for a key that is not there: without a call that fails', async () => {
    issuer.asked.length = 0;
    const token = () => issuer.token({ client_id: 'billing-job' });
    expect((await withToken(token())).status).toBe(200);
    const before = issuer.asked.length;
    issuer.rotate();
    const answers = await Promise.all([withToken(token()), withToken(token()), withToken(token())]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(issuer.asked.length - before).toBe(2);
  });

  it('are read anew also when another key has the name of the one before', async () => {
    const token = () => issuer.token({ client_id: 'billing-job' });
    expect((await withToken(token())).status).toBe(200);
    const [{ id }] = issuer.keys as [(typeof issuer.keys)[number]];
    issuer.keys = [{ ...issuer.rotate(), id }];
    expect((await withToken(token())).status).toBe(200);
  });

  it('are not read again and again for tokens with keys that nobody has', async () => {
    const strict = await start({}, true, 60_000);
    await map(strict, 'someone');
    await strict.sync();
    await eventually(
      () => withToken(issuer.token({ client_id: 'someone' }), {}, 'GET', strict),
      ({ status }) => status === 200,
    );
    issuer.asked.length = 0;
    for (let count = 0; count < 20; count++) {
      const token = issuer.token({ client_id: 'someone' }, issuer.keys[0]!, `unknown-${count}`);
      expect((await withToken(token, {}, 'GET', strict)).status).toBe(401);
      expect((await withToken(`${token.slice(0, -86)}${'A'.repeat(86)}`, {}, 'GET', strict)).status).toBe(401);
    }
    expect(issuer.asked).toEqual([]);
    await strict.dispose();
  });

  it('go on while the issuer does not answer, or answers nonsense', async () => {
    const good = issuer.token({ client_id: 'billing-job' });
    const unknown = issuer.token({ client_id: 'billing-job' }, issuer.keys[0]!, 'unknown');
    issuer.isDown = true;
    expect((await withToken(unknown)).status).toBe(401);
    expect((await withToken(good)).status).toBe(200);
    issuer.isDown = false;
    issuer.body = '{"keys":"none"}';
    expect((await withToken(unknown)).status).toBe(401);
    expect((await withToken(good)).status).toBe(200);
  });

  it('that were never read make it say that it cannot tell', async () => {
    issuer.isDown = true;
    const blind = await start();
    const answer = await withToken(issuer.token({ client_id: 'billing-job' }), {}, 'GET', blind);
    expect(answer.status).toBe(503);
    expect(answer.headers['retry-after']).toBe('1');
    expect(answer.json()).toMatchObject({ code: 'issuer_unavailable' });
    await blind.dispose();
  });

  it('are not read where a redirect leads to', async () => {
    const moved = await start({ jwksUrl: `${issuer.url}/moved` });
    const answer = await withToken(issuer.token({ client_id: 'billing-job' }), {}, 'GET', moved);
    expect(answer.status).toBe(503);
    expect(issuer.asked).toContain('/moved');
    await moved.dispose();
  });

  it('are not read from a private network, nor without TLS, unless the operator allows it', async () => {
    issuer.asked.length = 0;
    const careful = await start({}, false);
    const answer = await withToken(issuer.token({ client_id: 'billing-job' }), {}, 'GET', careful);
    expect(answer.status).toBe(503);
    expect(issuer.asked).toEqual([]);
    await careful.dispose();
    const dispatcher = new Agent({ connect: guardedConnector({}, false) });
    await expect(fetchJson(`${issuer.url}/keys`, dispatcher, true)).rejects.toMatchObject({ code: 'OUTBOUND_ADDRESS' });
    await expect(fetchJson(`http://localhost:${new URL(issuer.url).port}/keys`, dispatcher, true)).rejects.toThrow(
      /may not be connected to/,
    );
    expect(issuer.asked).toEqual([]);
    await dispatcher.close();
  });
});

describe('where the claim is the application’s own id', () => {
  it('no identity is needed, and the token may be passed on', async () => {
    const direct = await start({ applicationBy: 'application', applicationClaim: 'azp', isForwarded: true });
    const token = issuer.token({ azp: direct.consumer.application.id });
    const answer = await eventually(
      () => withToken(token, {}, 'GET', direct),
      ({ status }) => status === 200,
    );
    expect(answer.status).toBe(200);
    expect(direct.upstream.requests.at(-1)!.headers.authorization).toBe(`Bearer ${token}`);
    expect((await withToken(issuer.token({ azp: 'nobody' }), {}, 'GET', direct)).status).toBe(401);
    await direct.dispose();
  });

  it('the answers to Idempotency-Keys are of one user each, also with a newer token', async () => {
    const idempotency = { operations: ['createThing'], isRequired: false, keepSeconds: 60, maxBodyBytes: 1_000 };
    const claims = { applicationBy: 'application', applicationClaim: 'azp' } as const;
    const jwt = jwtPolicy({ ...claims, isForwarded: true, requiredScopes: [] });
    const direct = await startGatewayUnderTest(
      { version: { policies: { authentication: { jwt }, idempotency } } },
      { allowsPrivateIssuers: true, keySets: { minRefreshMs: 1 } },
    );
    const azp = direct.consumer.application.id;
    const post = (sub: string, more: JwtClaims = {}) =>
      withToken(issuer.token({ azp, sub, ...more }), { 'idempotency-key': '"1"' }, 'POST', direct);
    direct.upstream.answer(201, 'for ada');
    await eventually(
      () => post('ada'),
      ({ status }) => status === 201,
    );
    direct.upstream.answer(201, 'for bob');
    expect((await post('bob')).body).toBe('for bob');
    const again = await eventually(
      () => post('ada', { jti: 'newer' }),
      ({ status }) => status !== 409,
    );
    expect(again.body).toBe('for ada');
    await direct.dispose();
  });
});
