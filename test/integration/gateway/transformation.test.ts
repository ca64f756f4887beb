import { gzipSync } from 'node:zlib';
import type { TransformationDefinition } from '#domain';
import { appendChange } from '#persistence';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GatewayUnderTest, startGatewayUnderTest } from '../../support/gateway.js';
import { RawConnection } from '../../support/raw-http.js';

let under: GatewayUnderTest;
beforeAll(async () => {
  under = await startGatewayUnderTest();
});
afterAll(() => under.dispose());

async function transform(...transformations: TransformationDefinition[]): Promise<void> {
  const { database, catalog } = under;
  await database.unitOfWork.inSystem(async (transaction) => {
    const policies = { transformations };
    await transaction.query('UPDATE api_version SET policies = $2 WHERE id = $1', [catalog.version.id, policies]);
    await appendChange(transaction, 'catalog', 'all', database.clock.now());
  });
  await under.sync();
  under.upstream.requests.length = 0;
  under.upstream.answer();
}

const json = { 'content-type': 'application/json' };
const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
const sent = () => under.upstream.requests.at(-1)!;

describe('a request on its way to the upstream', () => {
  it('gets its headers changed, with variables, and keeps the gateway’s own', async () => {
    await transform({
      selector: 'getThing',
      request: {
        headers: {
          remove: ['cookie'],
          rename: { 'x-old': 'x-new' },
          set: {
            'x-who': '${consumer.id}/${application.id}/${plan}/${mode}',
            'x-id': '${path.id}',
            'x-req': '${request.id}',
          },
          add: { 'x-tag': 'two' },
        },
      },
    });
    const headers = { cookie: 'a=b', 'X-Old': 'kept', 'x-who': 'me', 'x-tag': 'one', 'x-other': 'same' };
    const answer = await under.call('/things/a%0Ab%2Fc', { headers: headers });
    expect(answer.status).toBe(400);
    const passed = await under.call('/things/a%20b%2Fc', { headers });
    expect(passed.status).toBe(200);
    const { application } = under.consumer;
    expect(sent().headers).toMatchObject({
      'x-new': 'kept',
      'x-who': `${application.organizationId}/${application.id}/pro/live`,
      'x-id': 'a%20b%2Fc',
      'x-req': passed.headers['tollgate-request-id'],
      'x-tag': 'one, two',
      'x-other': 'same',
      'x-consumer-id': application.organizationId,
    });
    expect(sent().headers).not.toHaveProperty('cookie');
    expect(sent().headers).not.toHaveProperty('x-old');
  });

  it('is changed only where the selector says, by all transformations in their order', async () => {
    await transform(
      { selector: 'tag:read', request: { headers: { set: { 'x-a': 'first', 'x-b': 'first' } } } },
      { selector: 'GET /things', request: { headers: { set: { 'x-b': 'second' } } } },
    );
    await under.call('/things');
    expect(sent().headers).toMatchObject({ 'x-a': 'first', 'x-b': 'second' });
    await under.call('/things/1');
    expect(sent().headers).toMatchObject({ 'x-b': 'first' });
    await under.call('/things', { method: 'POST', body: '{}', headers: json });
    expect(sent().headers).not.toHaveProperty('x-a');
  });

  it('gets its query changed, and what is not named stays byte for byte', async () => {
    await transform({
      selector: '*',
      request: {
        query: { remove: ['debug'], rename: { q: 'search' }, set: { tenant: 'a&b=${path.id}' }, add: { v: '1' } },
      },
    });
    await under.call('/things/x%26y?a=%2f+%20&debug&q=1&q=2&tenant=mine&v=0&de%62ug=1');
    expect(sent().url).toBe('/things/x%26y?a=%2f+%20&search=1&search=2&v=0&tenant=a%26b%3Dx%26y&v=1');
  });

  it('gets another path, which stays below the upstream’s prefix', async () => {
    await transform(
      { selector: 'getThing', request: { path: { rewrite: '/v2/${path.id}/.${path.id}/x' } } },
      { selector: 'listThings', request: { path: { stripPrefix: '/things' } } },
    );
    await under.call('/things/a%2Fb?x=1');
    expect(sent().url).toBe('/v2/a%2Fb/.a%2Fb/x?x=1');
    await under.call('/things/%2E%2E%2E');
    expect(sent().url).toBe('/v2/.../..../x');
    await under.call('/things');
    expect(sent().url).toBe('/');
  });

  it('gets its JSON body changed, with a length that fits, and is metered as it came', async () => {
    await transform({
      selector: 'createThing',
      request: {
        body: {
          remove: ['/secret', '/list/0'],
          rename: [{ from: '/name', to: '/title/text' }],
          set: { '/by': '${application.id}', '/list/-': { n: 1 }, '/deep/er': null },
        },
      },
    });
    const body = '{"name":"a\\u00e9","secret":1,"list":[1,2],"big":12345678901234567890}';
    const answer = await under.call('/things', { method: 'POST', headers: json, body });
    expect(answer.status).toBe(200);
    const { application } = under.consumer;
    const wanted = `{"list":[2,{"n":1}],"big":12345678901234567890,"title":{"text":"aé"},"by":"${application.id}","deep":{"er":null}}`;
    expect(sent().body).toBe(wanted);
    expect(sent().headers['content-length']).toBe(String(Buffer.byteLength(wanted)));
    const event = await under.eventOf(answer.headers['tollgate-request-id']);
    expect(event).toMatchObject({ bytesIn: Buffer.byteLength(body), outcome: 'delivered', billable: true });
  });

  it('gets its body through a template', async () => {
    const template = { data: '${body}', first: '${body/items/0}', none: '${body/none}', id: 'x-${request.id}' };
    await transform({ selector: 'createThing', request: { body: { template } } });
    const answer = await under.call('/things', { method: 'POST', headers: json, body: '{"items":[{"a":1}]}' });
    expect(JSON.parse(sent().body)).toEqual({
      data: { items: [{ a: 1 }] },
      first: { a: 1 },
      id: `x-${String(answer.headers['tollgate-request-id'])}`,
    });
  });

  it('streams bodies that are no plain JSON as they are', async () => {
    await transform({ selector: '*', request: { body: { set: { '/x': 1 } } } });
    await under.call('/things', { method: 'POST', headers: { 'content-type': 'text/plain' }, body: '{"a":1}' });
    expect(sent().body).toBe('{"a":1}');
    const zipped = gzipSync('{"a":1}');
    await under.call('/things', { method: 'POST', headers: { ...json, 'content-encoding': 'gzip' }, body: zipped });
    expect(sent().headers['content-length']).toBe(String(zipped.length));
  });

  it('is changed as well where its content coding is "identity", which is none', async () => {
    await transform({ selector: '*', request: { body: { set: { '/x': 1 } } } });
    await under.call('/things', {
      method: 'POST',
      headers: { ...json, 'content-encoding': 'identity' },
      body: '{"a":1}',
    });
    expect(JSON.parse(sent().body)).toEqual({ a: 1, x: 1 });
  });

  it('is refused with 400 before admission when it is not the JSON that it says', async () => {
    await transform({ selector: '*', request: { body: { set: { '/x': 1 } } } });
    const events = (await under.events()).length;
    for (const body of [
      '{"a":',
      nested(501),
      nested(20_000),
      `{"long":1234567890.123456789,"deep":${nested(20_000)}}`,
    ]) {
      const answer = await under.call('/things', { method: 'POST', headers: json, body });
      expect(answer.json()).toMatchObject({ status: 400, code: 'malformed_body' });
    }
    expect(under.upstream.requests).toHaveLength(0);
    expect(await under.events()).toHaveLength(events);
  });

  it('may be nested deep, and brackets in texts are none', async () => {
    await transform({ selector: '*', request: { body: { set: { '/x': 1 } } } });
    const text = `"${'\\"['.repeat(600)}\\\\"`;
    for (const body of [`{"deep":${nested(499)},"x":1}`, `{"text":${text},"x":1}`]) {
      expect((await under.call('/things', { method: 'POST', headers: json, body })).status).toBe(200);
      expect(sent().body).toBe(body);
    }
  });

  it('is refused with 413 before admission when it is larger than what may be changed, whether it tells its length or not', async () => {
    await transform({ selector: '*', request: { body: { set: { '/x': 1 }, maxBytes: 16 } } });
    const events = (await under.events()).length;
    const body = `"${'x'.repeat(15)}"`;
    const chunked = { ...json, 'transfer-encoding': 'chunked' };
    for (const headers of [json, chunked]) {
      const answer = await under.call('/things', { method: 'POST', headers, body });
      expect(answer.json()).toMatchObject({ status: 413, code: 'body_too_large' });
    }
    expect(under.upstream.requests).toHaveLength(0);
    expect(await under.events()).toHaveLength(events);
    const answer = await under.call('/things', { method: 'POST', headers: chunked, body: `"${'x'.repeat(14)}"` });
    expect(answer.status).toBe(200);
  });

  it('is told to continue once, when its body is needed for the decision', async () => {
    await transform({ selector: '*', request: { body: { set: { '/x': 1 } } } });
    const connection = await RawConnection.open(under.origin);
    const { basePath } = under.catalog.version;
    connection.send(
      `POST ${basePath}/things HTTP/1.1`,
      'Host: localhost',
      `x-api-key: ${under.consumer.key}`,
      'Content-Type: application/json',
      'Content-Length: 2',
      'Expect: 100-continue',
      'Connection: close',
      '',
      '',
    );
    await connection.until('HTTP/1.1 100 Continue\r\n\r\n');
    connection.send('{}');
    const received = await connection.untilClosed();
    expect(received.match(/100 Continue/g)).toHaveLength(1);
    expect(received).toContain('HTTP/1.1 200 OK');
    expect(sent().body).toBe('{"x":1}');
  });

  it('leaves nothing behind when its client goes away while its body is read', async () => {
    await transform({ selector: '*', request: { body: { set: { '/x': 1 } } } });
    const events = (await under.events()).length;
    const connection = await RawConnection.open(under.origin);
    const { basePath } = under.catalog.version;
    connection.send(
      `POST ${basePath}/things HTTP/1.1`,
      'Host: localhost',
      `x-api-key: ${under.consumer.key}`,
      'Content-Type: application/json',
      'Content-Length: 20',
      '',
      '{"a":',
    );
    connection.socket.destroy();
    expect((await under.call('/things')).status).toBe(200);
    expect(under.upstream.requests).toHaveLength(1);
    expect(await under.events()).toHaveLength(events + 1);
  });
});

describe('an answer on its way to the client', () => {
  it('gets its headers changed, and keeps the gateway’s own', async () => {
    await transform({
      selector: 'getThing',
      response: { headers: { remove: ['server'], rename: { 'x-old': 'x-new' }, set: { 'x-id': '${path.id}' } } },
    });
    under.upstream.answer(404, '{}', { server: 'secret', 'x-old': 'kept', 'x-id': 'theirs' });
    const answer = await under.call('/things/7');
    expect(answer.headers).toMatchObject({
      'x-new': 'kept',
      'x-id': '7',
      usage: expect.stringContaining('upstream_4xx'),
    });
    expect(answer.headers).not.toHaveProperty('server');
  });

  it('gets its JSON body changed, and is metered as the upstream sent it', async () => {
    await transform({ selector: '*', response: { body: { remove: ['/secret'], template: { data: '${body}' } } } });
    const body = '{"secret":1,"n":1.0,"list":[]}';
    under.upstream.answer(200, body, {
      etag: '"v1"',
      'content-digest': 'sha-256=:x:',
      'content-type': 'application/hal+json',
    });
    const answer = await under.call('/things', { headers: { range: 'bytes=0-5', 'accept-encoding': 'gzip' } });
    expect(answer.body).toBe('{"data":{"n":1,"list":[]}}');
    expect(answer.headers).toMatchObject({ 'content-length': String(answer.body.length), etag: 'W/"v1"' });
    expect(answer.headers).not.toHaveProperty('content-digest');
    expect(sent().headers).toMatchObject({ 'accept-encoding': 'identity' });
    expect(sent().headers).not.toHaveProperty('range');
    const event = await under.eventOf(answer.headers['tollgate-request-id']);
    expect(event).toMatchObject({ bytesOut: body.length, status: 200, billable: true });
  });

  it('gets a body that came in chunks changed as well', async () => {
    await transform({ selector: '*', response: { body: { set: { '/x': 1 } } } });
    under.upstream.handle((_request, response) => {
      response.writeHead(200, json);
      response.write('{"a":');
      setImmediate(() => response.end('"b"}'));
    });
    expect((await under.call('/things')).body).toBe('{"a":"b","x":1}');
  });

  it.each([
    ['an error', 404, '{"a":1}', json],
    ['a coded body', 200, '{"a":1}', { ...json, 'content-encoding': 'br' }],
    ['no JSON', 200, '{"a":1}', { 'content-type': 'text/plain' }],
    ['no JSON after all', 200, '{"a":', json],
    ['one that is nested too deep', 200, nested(20_000), json],
    ['an empty body', 200, '', json],
  ])('passes %s unchanged', async (_name, status, body, headers) => {
    await transform({ selector: '*', response: { body: { set: { '/x': 1 } } } });
    under.upstream.answer(status, body, headers);
    const answer = await under.call('/things');
    expect(answer).toMatchObject({ status, body });
  });

  it('passes a larger one unchanged, or is replaced by a 502 that is not billed', async () => {
    const body = JSON.stringify({ text: 'x'.repeat(200_000) });
    await transform({ selector: '*', response: { body: { set: { '/x': 1 }, maxBytes: 1_000 } } });
    under.upstream.answer(200, body);
    expect(await under.call('/things')).toMatchObject({ status: 200, body });
    await transform({ selector: '*', response: { body: { set: { '/x': 1 }, maxBytes: 1_000, tooLarge: 'refuse' } } });
    under.upstream.answer(200, body);
    const answer = await under.call('/things');
    expect(answer.json()).toMatchObject({ status: 502, code: 'response_too_large' });
    const event = await under.eventOf(answer.headers['tollgate-request-id']);
    expect(event).toMatchObject({ billable: false, status: 502, outcome: 'upstream_broke' });
  });
});
