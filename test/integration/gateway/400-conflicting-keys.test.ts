import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { USUAL_KEY_PLACES, generateApiKey } from '#domain';
import { type GatewayUnderTest, call, startGatewayUnderTest } from '../../support/gateway.js';

let under: GatewayUnderTest;
let other: string;
beforeAll(async () => {
  const policies = { authentication: { keys: { ...USUAL_KEY_PLACES, queryParameter: 'key' } } };
  under = await startGatewayUnderTest({ version: { policies } });
  other = generateApiKey('live', under.database.context.fillRandom).key;
  under.upstream.answer();
});
afterAll(() => under.dispose());

const basic = (user: string) => `Basic ${Buffer.from(`${user}:`).toString('base64')}`;

describe('a request with two keys that differ', () => {
  it('is refused wherever they are: no place wins over another', async () => {
    const { key } = under.consumer;
    const things = `${under.url}/things`;
    const pairs: readonly [string, Record<string, string | string[]>][] = [
      [things, { 'x-api-key': key, authorization: `Bearer ${other}` }],
      [things, { 'x-api-key': other, authorization: `Bearer ${key}` }],
      [things, { 'x-api-key': [key, other] }],
      [things, { authorization: [`Bearer ${key}`, `Bearer ${other}`] }],
      [things, { 'x-api-key': key, authorization: basic(other) }],
      [things, { authorization: [`Bearer ${key}`, basic(other)] }],
      [`${things}?key=${other}`, { 'x-api-key': key }],
      [`${things}?key=${other}`, { authorization: basic(key) }],
      [`${things}?key=${key}&key=${other}`, {}],
      [`${things}?key=`, { 'x-api-key': key }],
    ];
    for (const [url, headers] of pairs) {
      const answer = await call(url, { headers });
      expect(answer.status).toBe(400);
      expect(answer.json()).toMatchObject({ code: 'conflicting_keys' });
    }
    expect(under.upstream.requests).toEqual([]);
  });

  it('is served when they are equal, however many there are', async () => {
    const { key } = under.consumer;
    const headers = { 'x-api-key': [key, key], authorization: [`Bearer ${key}`, basic(key)] };
    expect((await call(`${under.url}/things?key=${key}&key=${key}`, { headers })).status).toBe(200);
  });
});
