import fs from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type JWTPayload, createRemoteJWKSet, jwtVerify } from 'jose';
import { makeFirstSigningKey } from '../../../libs/services/src/signing-key/make-signing-key.js';
import { readLastChangeNumber } from '#persistence';
import { rotateSecrets, rotateSigningKey } from '#services';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGateway } from '../../../apps/gateway/src/gateway.server.js';
import { eventually } from '../../support/eventually.js';
import { aCredential } from '../../support/factories.js';
import { type GatewayUnderTest, call, gatewayOptions, startGatewayUnderTest } from '../../support/gateway.js';
import { pointUpstreamAt } from '../../support/upstream-place.js';
import { RunningApi } from '../api/running-api.js';

const ring = [{ id: '1', secret: Buffer.alloc(32, 9) }];
const actor = { kind: 'cli', id: null } as const;
const token = { header: 'tollgate-token', audience: 'weather', lifetimeSeconds: 60 };
let under: GatewayUnderTest;
let api: RunningApi;
let lastToken = '';
let lastKeyId = '';
let keysUrl: URL;

/** An upstream that lets nobody in without a token that the published keys verify; it says what the token says. */
async function verifyThenAnswer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const values = request.rawHeaders.filter((_, index, all) => all[index - 1]?.toLowerCase() === 'tollgate-token');
  try {
    lastToken = values.join();
    const { payload, protectedHeader } = await jwtVerify(lastToken, createRemoteJWKSet(keysUrl), {
      issuer: 'https://portal.test',
      audience: 'weather',
      currentDate: under.database.clock.now(),
    });
    lastKeyId = protectedHeader.kid!;
    response.end(JSON.stringify(payload));
  } catch (error) {
    response.writeHead(401).end(String(error));
  }
}

beforeAll(async () => {
  under = await startGatewayUnderTest();
  api = await RunningApi.start(under.database);
  keysUrl = new URL('/.well-known/jwks.json', api.url);
  const { context, unitOfWork } = under.database;
  await unitOfWork.inSystem((transaction) => makeFirstSigningKey(context, transaction, ring));
  await pointUpstreamAt(under, { token });
  under.upstream.handle((request, response) => void verifyThenAnswer(request, response));
});
afterAll(async () => {
  await api.stop();
  await under.dispose();
});

const claims = async (answer: ReturnType<GatewayUnderTest['call']>): Promise<JWTPayload> => {
  const { status, body } = await answer;
  expect(status, body).toBe(200);
  return JSON.parse(body) as JWTPayload;
};

describe('an upstream that wants tokens', () => {
  it('verifies by the published keys who calls, under which plan and with which key', async () => {
    const { application, credential } = under.consumer;
    const payload = await claims(under.call('/things'));
    expect(payload).toMatchObject({
      iss: 'https://portal.test',
      aud: 'weather',
      sub: application.id,
      organization: application.organizationId,
      plan: 'pro',
      mode: 'live',
      key: credential.keyId,
    });
    expect(payload.exp! - payload.iat!).toBe(60);
    expect(payload.jti).toMatch(/^[0-9a-f-]{36}$/);
    const set = await call(keysUrl.href);
    expect(set.headers['cache-control']).toBe('public, max-age=300');
    expect(set.json()).toEqual({ keys: [expect.objectContaining({ kid: lastKeyId, alg: 'EdDSA', use: 'sig' })] });
    expect(set.body).not.toContain('"d"');
  });

  it('gets one token for calls of the same caller until half of its time is over, and another for another key', async () => {
    const first = await claims(under.call('/things'));
    expect((await claims(under.call('/things'))).jti).toBe(first.jti);
    const other = await aCredential(under.database, { application: under.consumer.application, mode: 'test' });
    await under.sync();
    const test = await claims(under.call('/things', { key: other.key }));
    expect(test).toMatchObject({ mode: 'test', plan: 'test', key: other.credential.keyId });
    under.database.clock.moveTo(new Date(under.database.clock.nowMs() + 31_000));
    const later = await claims(under.call('/things'));
    expect(later.jti).not.toBe(first.jti);
    expect(later.iat).toBeGreaterThan(first.iat!);
  });

  it.each(['tollgate-token', 'Tollgate-Token', 'Tollgate_Token'])(
    'never gets one that a caller sends as %s',
    async (name) => {
      const payload = await claims(under.call('/things', { headers: { [name]: 'forged' } }));
      expect(payload.sub).toBe(under.consumer.application.id);
    },
  );

  it('has it in the header of its choice, which callers cannot set either', async () => {
    await pointUpstreamAt(under, { token: { ...token, header: 'x-caller' } });
    under.upstream.answer();
    under.upstream.requests.length = 0;
    await under.call('/things', { headers: { 'X-Caller': 'forged', x_caller: 'forged' } });
    const { rawHeaders } = under.upstream.requests[0]!;
    expect(rawHeaders.filter((text) => /^x.caller$/i.test(text))).toHaveLength(1);
    expect(rawHeaders).not.toContain('forged');
    await pointUpstreamAt(under, { token });
    under.upstream.handle((request, response) => void verifyThenAnswer(request, response));
  });

  it('sees a new key published before it signs, and the one before still afterwards', async () => {
    const { context, clock } = under.database;
    await claims(under.call('/things'));
    const oldKeyId = lastKeyId;
    const key = await rotateSigningKey(context, { algorithm: 'ES256', encryptionKeys: ring, actor });
    await under.sync();
    const kids = async () => ((await call(keysUrl.href)).json()['keys'] as { kid: string }[]).map(({ kid }) => kid);
    expect(await kids()).toEqual([oldKeyId, key.id]);
    await claims(under.call('/things'));
    expect(lastKeyId).toBe(oldKeyId);
    clock.moveTo(new Date(clock.nowMs() + 600_000));
    await claims(under.call('/things'));
    expect(lastKeyId).toBe(key.id);
    expect(await kids()).toEqual([oldKeyId, key.id]);
    clock.moveTo(new Date(clock.nowMs() + 86_400_000));
    expect(await kids()).toEqual([key.id]);
    await rotateSigningKey(context, { algorithm: 'EdDSA', leadSeconds: 0, encryptionKeys: ring, actor });
    await under.sync();
    expect(await kids()).not.toContain(oldKeyId);
    await claims(under.call('/things'));
    expect(lastKeyId).not.toBe(key.id);
  });

  it('gets tokens of another key at once when the one before has leaked, which is not published any more', async () => {
    const key = await rotateSigningKey(under.database.context, {
      algorithm: 'EdDSA',
      revokesOthers: true,
      encryptionKeys: ring,
      actor,
    });
    await under.sync();
    expect((await call(keysUrl.href)).json()['keys']).toMatchObject([{ kid: key.id }]);
    await claims(under.call('/things'));
    expect(lastKeyId).toBe(key.id);
  });

  it('goes on after the keys that seal secrets have changed', async () => {
    const next = { id: '2', secret: Buffer.alloc(32, 2) };
    const count = await rotateSecrets(under.database.context, { encryptionKeys: [next, ...ring], actor });
    expect(count).toBeGreaterThan(0);
    await rotateSecrets(under.database.context, { encryptionKeys: [...ring, next], actor });
    await under.sync();
    await claims(under.call('/things'));
  });

  it('gets tokens also from a gateway that starts while the database is away, whose disk has no open key', async () => {
    const file = `${under.folder}/snapshot.jsonl`;
    const number = await under.database.unitOfWork.inSystem(readLastChangeNumber);
    const read = async (): Promise<string> => (fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '');
    const copy = await eventually(read, (text) => text.includes(`"number":${number},`));
    expect(copy).toContain('"signingKeys":[{');
    expect(copy).not.toContain('PRIVATE KEY');
    const folder = fs.mkdtempSync('/tmp/tollgate-gateway-');
    fs.copyFileSync(file, `${folder}/snapshot.jsonl`);
    const options = gatewayOptions(under.database, { gatewayId: 'gateway-2', journalFolder: folder });
    const away = await startGateway({
      ...options,
      databaseUrl: 'postgres://nobody@127.0.0.1:1/none',
      databaseWaitMs: 50,
    });
    const url = `http://127.0.0.1:${away.port}${under.catalog.version.basePath}`;
    await claims(call(`${url}/things`, { key: under.consumer.key }));
    await away.stop();
    fs.rmSync(folder, { recursive: true });
  });
});
