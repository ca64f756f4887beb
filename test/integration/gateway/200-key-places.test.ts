import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type KeyPlaces, USUAL_KEY_PLACES, generateApiKey } from '#domain';
import { eventually } from '../../support/eventually.js';
import { type Catalog, aCatalog, aSubscriptionTo } from '../../support/factories.js';
import { type Answer, type GatewayUnderTest, call, startGatewayUnderTest } from '../../support/gateway.js';

let under: GatewayUnderTest;
/** An API whose key is in another header or in the query, and nowhere else. */
let elsewhere: Catalog;
beforeAll(async () => {
  under = await startGatewayUnderTest();
  elsewhere = await anApiWith({ header: 'x-weather-key', bearer: false, basicUser: false, queryParameter: 'api_key' });
});
afterAll(() => under.dispose());
beforeEach(() => {
  under.upstream.answer();
  under.upstream.requests.length = 0;
});

async function anApiWith(places: KeyPlaces): Promise<Catalog> {
  const { database, upstream, consumer } = under;
  const version = { policies: { authentication: { keys: places } } };
  const catalog = await aCatalog(database, { upstreamUrl: upstream.url, version });
  await aSubscriptionTo(database, { application: consumer.application, catalog });
  await under.sync();
  return catalog;
}

const basic = (user: string, password = '') => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
const callUsual = (headers: Record<string, string>, query = '') => call(`${under.url}/things${query}`, { headers });
const callElsewhere = (headers: Record<string, string>, query = '') =>
  call(`${under.origin}${elsewhere.version.basePath}/things${query}`, { headers });

/** What the upstream got; it must not hold the key anywhere. */
function received(answer: Answer) {
  expect(answer.status).toBe(200);
  const [request] = under.upstream.requests;
  expect(JSON.stringify(request)).not.toContain(under.consumer.key.slice(21));
  return request!;
}

describe('a key in one of the usual places', () => {
  it('opens as a header, as a bearer token and as a Basic user name, and never reaches the upstream', async () => {
    const { key } = under.consumer;
    for (const headers of [
      { 'X-Api-Key': key },
      { authorization: `Bearer ${key}` },
      { authorization: basic(key) },
      { authorization: basic(key, 'any password') },
      { 'x-api-key': key, authorization: basic(key) },
    ]) {
      under.upstream.requests.length = 0;
      const request = received(await callUsual(headers));
      expect(request.headers).not.toHaveProperty('authorization');
      expect(request.headers).not.toHaveProperty('x-api-key');
    }
  });

  it('leaves an Authorization that is meant for the upstream as it is', async () => {
    const { key } = under.consumer;
    for (const authorization of ['Bearer eyJhbGciOiJSUzI1NiJ9.e30.c2ln', basic('up', 'stream'), 'Digest a="b"']) {
      under.upstream.requests.length = 0;
      const request = received(await callUsual({ 'x-api-key': key, authorization }));
      expect(request.headers.authorization).toBe(authorization);
    }
  });

  it('is not looked for in the query', async () => {
    const answer = await callUsual({}, `?api_key=${under.consumer.key}`);
    expect(answer.status).toBe(401);
    expect(under.upstream.requests).toEqual([]);
  });
});

describe('a key in the places of its API version', () => {
  it('opens in that header only, and the refusal names it', async () => {
    const { key } = under.consumer;
    received(await callElsewhere({ 'x-weather-key': key }));
    for (const headers of [{ 'x-api-key': key }, { authorization: `Bearer ${key}` }, { authorization: basic(key) }]) {
      const answer = await callElsewhere(headers);
      expect(answer.status).toBe(401);
      expect(answer.json()).toMatchObject({
        code: 'invalid_api_key',
        detail: 'This needs a valid API key: send it in the header x-weather-key.',
      });
    }
  });

  it('opens in the query, and is cut out of it', async () => {
    const { key } = under.consumer;
    for (const [query, sent] of [
      [`?api_key=${key}`, '/things'],
      [`?a=1&api_key=${key}&b=%2F`, '/things?a=1&b=%2F'],
      [`?api%5Fkey=${key.replace('_', '%5F')}&a=1&api_key=${key}`, '/things?a=1'],
    ] as const) {
      under.upstream.requests.length = 0;
      expect(received(await callElsewhere({}, query)).url).toBe(sent);
    }
  });

  it('does not reach the upstream from a place that is off', async () => {
    const { key } = under.consumer;
    const headers = { 'x-weather-key': key, 'x-api-key': key, authorization: `Bearer ${key}` };
    const request = received(await callElsewhere(headers));
    expect(request.headers).not.toHaveProperty('x-api-key');
    expect(request.headers).not.toHaveProperty('authorization');
    const foreign = received(await callElsewhere({ 'x-weather-key': key, 'x-api-key': 'of-the-upstream' }));
    expect(foreign.headers).not.toHaveProperty('x-weather-key');
    expect(under.upstream.requests.at(-1)!.headers['x-api-key']).toBe('of-the-upstream');
  });

  it.each(['header', 'bearer', 'basicUser', 'query'] as const)(
    'is refused in the %s for reasons that only the operator sees',
    async (place) => {
      const api = await anApiWith({ ...USUAL_KEY_PLACES, queryParameter: 'key' });
      const { key } = under.consumer;
      const stranger = generateApiKey('live', under.database.context.fillRandom).key;
      const send = (text: string) => {
        const url = `${under.origin}${api.version.basePath}/things`;
        if (place === 'query') return call(`${url}?key=${text}`);
        const authorization = place === 'bearer' ? `Bearer ${text}` : basic(text);
        return call(url, { headers: place === 'header' ? { 'x-api-key': text } : { authorization } });
      };
      for (const [text, reason] of [
        [`${key.slice(0, -1)}${key.endsWith('0') ? '1' : '0'}`, 'key_malformed'],
        [stranger, 'key_unknown'],
      ] as const) {
        const before = await refusalsFor(reason);
        const answer = await send(text);
        expect(answer.status).toBe(401);
        expect(answer.headers['www-authenticate']).toBe('Bearer realm="tollgate"');
        expect(answer.json()).toMatchObject({ code: 'invalid_api_key' });
        expect(await refusalsFor(reason)).toBe(before + 1);
      }
      expect((await send(key)).status).toBe(200);
    },
  );
});

async function refusalsFor(reason: string): Promise<number> {
  const metrics = await eventually(
    () => call(`http://127.0.0.1:${under.gateway.adminPort}/metrics`),
    ({ status }) => status === 200,
  );
  const match = new RegExp(`tollgate_gateway_refusals_total\\{[^}]*reason="${reason}"[^}]*\\} (\\d+)`).exec(
    metrics.body,
  );
  return match ? Number(match[1]) : 0;
}
