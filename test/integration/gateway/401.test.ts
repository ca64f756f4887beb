import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generateApiKey } from '#domain';
import { appendChange } from '#persistence';
import { aCredential } from '../../support/factories.js';
import { type GatewayUnderTest, call, startGatewayUnderTest } from '../../support/gateway.js';
import { eventually } from '../../support/eventually.js';

let under: GatewayUnderTest;
beforeAll(async () => {
  under = await startGatewayUnderTest();
});
afterAll(() => under.dispose());

const expectRefused = async (key: string | undefined, headers: Record<string, string> = {}) => {
  const answer = await call(`${under.url}/things`, { ...(key === undefined ? {} : { key }), headers });
  expect(answer.status).toBe(401);
  expect(answer.headers).toMatchObject({
    'content-type': 'application/problem+json',
    'www-authenticate': 'Bearer realm="tollgate"',
  });
  expect(answer.json()).toEqual({
    type: 'urn:tollgate:problem:invalid_api_key',
    title: 'Unauthorized',
    status: 401,
    detail: 'This needs a valid API key: send it in the header x-api-key.',
    code: 'invalid_api_key',
    requestId: answer.headers['tollgate-request-id'],
  });
  expect(answer.headers).not.toHaveProperty('usage');
};

describe('a request without a key that opens', () => {
  it('is refused in the same words whether the key is missing, malformed, unknown, or has another secret', async () => {
    const { key } = under.consumer;
    const stranger = generateApiKey('live', under.database.context.fillRandom).key;
    await expectRefused(undefined);
    await expectRefused('');
    await expectRefused(key.slice(0, -1));
    await expectRefused(key.replace('tg_live', 'tg_test'));
    await expectRefused(stranger);
    await expectRefused(withSecretOf(stranger, key));
    await expectRefused(undefined, { authorization: `Basic ${Buffer.from(key).toString('base64')}` });
    await expectRefused(undefined, { authorization: `Bearer ${stranger}` });
  });

  it('is refused when the key has expired, and served until then', async () => {
    const { database, consumer } = under;
    const expiresAt = new Date(database.clock.nowMs() + 1_000);
    const { key } = await aCredential(database, { application: consumer.application, expiresAt });
    await eventually(
      () => under.call('/things', { key }),
      ({ status }) => status === 200,
    );
    database.clock.moveTo(expiresAt);
    await expectRefused(key);
  });

  it('is refused within a second after the key was revoked', async () => {
    const { database, consumer } = under;
    const { key, credential } = await aCredential(database, { application: consumer.application });
    await eventually(
      () => under.call('/things', { key }),
      ({ status }) => status === 200,
    );
    await database.unitOfWork.inSystem(async (transaction) => {
      const now = database.clock.now();
      await transaction.query('UPDATE credential SET revoked_at = $2 WHERE id = $1', [credential.id, now]);
      await appendChange(transaction, 'credential', credential.id, now);
    });
    await eventually(
      () => under.call('/things', { key }),
      ({ status }) => status === 401,
    );
    await expectRefused(key);
  });

  it('leaves no event and never reaches the upstream', async () => {
    under.upstream.requests.length = 0;
    const count = (await under.events()).length;
    await expectRefused(undefined);
    expect(under.upstream.requests).toEqual([]);
    expect((await under.events()).length).toBe(count);
  });
});

/** A well-formed key with the public part of one key and the secret of another. */
function withSecretOf(secretOf: string, idOf: string): string {
  const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
  const parts = [idOf.split('_')[2]!, secretOf.split('_')[3]!];
  return generateApiKey('live', (bytes) => {
    const part = parts.shift()!;
    for (let index = 0; index < part.length; index++) bytes[index] = alphabet.indexOf(part[index]!);
  }).key;
}
