import type { ValidationPolicy } from '#domain';
import { appendChange } from '#persistence';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { documentedVersion } from '../../support/documented-version.js';
import { type GatewayUnderTest, call, startGatewayUnderTest } from '../../support/gateway.js';
import { RawConnection } from '../../support/raw-http.js';

const enforced: ValidationPolicy = { parameters: true, body: true, mode: 'enforce', maxBodyBytes: 1_000 };
const paths = {
  '/things': {
    get: {
      operationId: 'listThings',
      parameters: [
        { name: 'limit', in: 'query', schema: { type: 'integer', maximum: 100 } },
        { name: 'X-Trace', in: 'header', required: true, schema: { type: 'string', pattern: '^[a-f]+$' } },
      ],
      responses: {},
    },
    post: {
      operationId: 'createThing',
      requestBody: {
        required: true,
        content: {
          'application/json': { schema: { $ref: '#/components/schemas/Thing' } },
          'multipart/form-data': { schema: { $ref: '#/components/schemas/Thing' } },
        },
      },
      responses: {},
    },
  },
  '/things/{id}': {
    parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'integer' } }],
    get: { operationId: 'getThing', responses: {} },
  },
};
const schemas = {
  Thing: {
    type: 'object',
    required: ['id', 'name'],
    properties: {
      id: { type: 'string', readOnly: true },
      name: { type: 'string', minLength: 2 },
      size: { type: 'integer' },
    },
    additionalProperties: false,
  },
};

let under: GatewayUnderTest;
beforeAll(async () => {
  under = await startGatewayUnderTest({ version: documentedVersion({ paths, schemas }, { validation: enforced }) });
});
afterAll(() => under.dispose());
beforeEach(() => {
  under.upstream.requests.length = 0;
});

const json = { 'content-type': 'application/json' };
const post = (body: string | Buffer, headers: Readonly<Record<string, string>> = json) =>
  under.call('/things', { method: 'POST', headers, body });

async function apply(validation: ValidationPolicy): Promise<void> {
  const { database, catalog } = under;
  await database.unitOfWork.inSystem(async (transaction) => {
    await transaction.query('UPDATE api_version SET policies = $2 WHERE id = $1', [catalog.version.id, { validation }]);
    await appendChange(transaction, 'catalog', 'all', database.clock.now());
  });
  await under.sync();
}

describe('a request that does not fit the document of its API', () => {
  it('is refused with every violation, leaves no event and never reaches the upstream', async () => {
    const answer = await under.call('/things?limit=101');
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(answer.json()).toMatchObject({
      status: 400,
      code: 'request_invalid',
      violations: [
        { in: 'query', name: 'limit', message: 'must be <= 100' },
        { in: 'header', name: 'X-Trace', message: 'is required' },
      ],
    });
    expect((await under.call('/things/one')).json()).toMatchObject({
      violations: [{ in: 'path', name: 'id', message: 'must be integer' }],
    });
    expect((await post('{"name":"a","size":"large","id":"x","more":1}')).json()['violations']).toHaveLength(4);
    expect((await post('{"name"')).json()).toMatchObject({
      violations: [{ in: 'body', message: 'is not application/json' }],
    });
    expect((await under.call('/things', { method: 'POST' })).json()).toMatchObject({
      violations: [{ in: 'body', message: 'is required' }],
    });
    expect((await post('a=b', { 'content-type': 'text/plain' })).status).toBe(400);
    expect(under.upstream.requests).toHaveLength(0);
    expect(await under.events()).toEqual([]);
  });

  it.each(['identity', 'Identity, identity', ''])(
    'is refused with "%s" for a content coding, which is none',
    async (coding) => {
      const answer = await post('{"name":1}', { ...json, 'content-encoding': coding });
      expect(answer.json()).toMatchObject({ code: 'request_invalid' });
      expect(under.upstream.requests).toHaveLength(0);
    },
  );

  it.each(['gzip', 'br', 'identity, gzip', 'x-gzip'])(
    'is refused with %s for a content coding, as nobody knows whether it fits',
    async (coding) => {
      for (const headers of [json, { ...json, 'transfer-encoding': 'chunked' }]) {
        const answer = await post(gzipSync('{"name":1}'), { ...headers, 'content-encoding': coding });
        expect(answer.json()).toMatchObject({ status: 415, code: 'content_coding_unsupported' });
        expect(answer.headers['accept-encoding']).toBe('identity');
      }
      const other = { 'content-type': 'text/plain', 'content-encoding': coding };
      expect((await post('a', other)).json()).toMatchObject({ code: 'request_invalid' });
      expect(under.upstream.requests).toHaveLength(0);
      expect((await under.call('/things/7', { headers: { 'content-encoding': coding } })).status).toBe(200);
    },
  );

  it('is refused after its key, and before anything of its plan is used', async () => {
    expect((await under.call('/things/one', { key: 'tg_live_nobody' })).status).toBe(401);
  });

  it('is refused with 413 when its body is larger than what is checked', async () => {
    const large = JSON.stringify({ name: 'x'.repeat(1_000) });
    for (const headers of [json, { ...json, 'transfer-encoding': 'chunked' }])
      expect((await post(large, headers)).json()).toMatchObject({ status: 413, code: 'body_too_large' });
    const connection = await RawConnection.open(under.origin);
    const target = `${under.catalog.version.basePath}/things`;
    const fields = [
      'Host: a',
      `x-api-key: ${under.consumer.key}`,
      'Content-Type: application/json',
      'Content-Length: 1001',
    ];
    connection.send(`POST ${target} HTTP/1.1`, ...fields, 'Expect: 100-continue', '', '');
    await connection.until('"body_too_large"');
    expect(connection.received).toMatch(/^HTTP\/1\.1 413 /);
    connection.socket.destroy();
    expect(under.upstream.requests).toHaveLength(0);
  });
});

describe('a request that fits', () => {
  it('reaches the upstream as it came, body included', async () => {
    const trace = { 'x-trace': 'abc' };
    expect((await under.call('/things?limit=100&other=1', { headers: trace })).status).toBe(200);
    expect((await under.call('/things/7')).status).toBe(200);
    const body = '{ "name": "ab", "size": 12345678901234567890 }';
    for (const headers of [json, { ...json, 'transfer-encoding': 'chunked' }]) {
      const answer = await post(body, headers);
      expect(answer.status).toBe(200);
      expect(under.upstream.requests.at(-1)).toMatchObject({ method: 'POST', body });
      const event = await under.eventOf(answer.headers['tollgate-request-id']);
      expect(event).toMatchObject({ billable: true, bytesIn: body.length });
    }
  });
});

describe('validation that only reports', () => {
  it('lets everything pass, also bodies that are too large to be checked, and counts it', async () => {
    await apply({ ...enforced, mode: 'report' });
    const large = JSON.stringify({ name: 'x'.repeat(2_000) });
    expect((await under.call('/things/one')).status).toBe(200);
    expect((await post('{"name":1}')).status).toBe(200);
    expect((await post(large)).status).toBe(200);
    expect((await post(large, { ...json, 'transfer-encoding': 'chunked' })).status).toBe(200);
    expect(under.upstream.requests.at(-1)!.body).toBe(large);
    expect((await post(gzipSync('{"name":1}'), { ...json, 'content-encoding': 'gzip' })).status).toBe(200);
    const metrics = await call(`http://127.0.0.1:${under.gateway.adminPort}/metrics`);
    expect(metrics.body).toContain('tollgate_gateway_reported_violations_total 2');
    expect(metrics.body).toContain('reason="request_invalid",status="400"} ');
  });

  it('can look at parameters or bodies alone', async () => {
    await apply({ ...enforced, body: false });
    expect((await post('{"name":1}')).status).toBe(200);
    expect((await under.call('/things/one')).status).toBe(400);
    await apply({ ...enforced, parameters: false });
    expect((await under.call('/things/one')).status).toBe(200);
    expect((await post('{"name":1}')).status).toBe(400);
  });
});

describe('a form in parts', () => {
  it('is checked by its fields, and passes byte by byte', async () => {
    const form = (...fields: readonly (readonly [string, string])[]) =>
      `${fields.map(([name, value]) => `--b\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`).join('')}--b--\r\n`;
    const headers = { 'content-type': 'multipart/form-data; boundary=b' };
    const send = (body: string) => under.call('/things', { method: 'POST', headers, body });
    const refused = await send(form(['name', 'x'], ['size', 'big']));
    expect(refused.json()).toMatchObject({
      code: 'request_invalid',
      violations: [
        { in: 'body', pointer: '/name' },
        { in: 'body', pointer: '/size' },
      ],
    });
    under.upstream.requests.length = 0;
    const body = form(['name', 'long enough'], ['size', '7']);
    expect((await send(body)).status).toBe(200);
    expect(under.upstream.requests[0]!.body).toBe(body);
  });
});
