import { once } from 'node:events';
import http from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GatewayUnderTest, startGatewayUnderTest } from '../../support/gateway.js';
import { eventually } from '../../support/eventually.js';
import { startRawUpstream } from '../../support/raw-upstream.js';
import { pointUpstreamAt } from '../../support/upstream-place.js';

let under: GatewayUnderTest;
beforeAll(async () => {
  under = await startGatewayUnderTest({
    definition: { quotas: [{ name: 'monthly', meter: 'requests', limit: 1_000, enforcement: 'hard' }] },
  });
});
afterAll(() => under.dispose());

const open = (options: http.RequestOptions = {}): http.ClientRequest => {
  const request = http.request(`${under.url}/things`, {
    agent: false,
    headers: { 'x-api-key': under.consumer.key },
    ...options,
  });
  request.on('error', () => undefined);
  return request;
};

const nextEvent = async (count: number) =>
  (
    await eventually(
      () => under.events(),
      (events) => events.length > count,
    )
  ).at(-1);

/** Lets the upstream do something, and tells when its connection was broken. */
function upstreamThat(work: (request: http.IncomingMessage, response: http.ServerResponse) => void) {
  const reached = Promise.withResolvers<void>();
  const broken = Promise.withResolvers<void>();
  under.upstream.handle((request, response) => {
    response.on('close', () => broken.resolve());
    work(request, response);
    reached.resolve();
  });
  return { reached: reached.promise, broken: broken.promise };
}

describe('a client that goes away', () => {
  it('before the answer begins is not billed, and the upstream is told', async () => {
    const count = (await under.events()).length;
    const { reached, broken } = upstreamThat(() => undefined);
    const request = open().end();
    await reached;
    request.destroy();
    await broken;
    expect(await nextEvent(count)).toMatchObject({
      outcome: 'client_aborted',
      reason: 'client_aborted',
      status: 499,
      billable: false,
      countsToQuota: true,
      bytesOut: 0,
    });
  });

  it('before the upstream is reached uses nothing of a quota', async () => {
    const count = (await under.events()).length;
    const silent = await startRawUpstream();
    const hello = Promise.withResolvers<void>();
    // It never ends the handshake, so that there is nobody to be asked.
    silent.answer = () => hello.resolve();
    await pointUpstreamAt(under, { url: silent.url.replace('http:', 'https:') });
    const request = open().end();
    await hello.promise;
    request.destroy();
    expect(await nextEvent(count)).toMatchObject({
      outcome: 'client_aborted',
      status: 499,
      billable: false,
      countsToQuota: false,
    });
    silent.close();
    await pointUpstreamAt(under, { url: under.upstream.url });
  });

  it('in the middle of a 2xx answer is billed, for what has passed', async () => {
    const count = (await under.events()).length;
    const { broken } = upstreamThat((_request, response) => {
      response.writeHead(200, { 'content-length': 1_000_000 });
      response.write('hello');
    });
    const request = open().end();
    const [response] = (await once(request, 'response')) as [http.IncomingMessage];
    await once(response, 'data');
    request.destroy();
    await broken;
    expect(await nextEvent(count)).toMatchObject({
      outcome: 'client_aborted',
      status: 200,
      billable: true,
      countsToQuota: true,
      bytesOut: 5,
    });
  });

  it('in the middle of an error is not billed', async () => {
    const count = (await under.events()).length;
    upstreamThat((_request, response) => {
      response.writeHead(404, { 'content-length': 1_000_000 });
      response.write('hello');
    });
    const request = open().end();
    const [response] = (await once(request, 'response')) as [http.IncomingMessage];
    await once(response, 'data');
    request.destroy();
    expect(await nextEvent(count)).toMatchObject({
      outcome: 'client_aborted',
      status: 404,
      billable: false,
      countsToQuota: false,
    });
  });

  it('in the middle of its own body ends the request at the upstream', async () => {
    const count = (await under.events()).length;
    const { reached, broken } = upstreamThat((request) => {
      request.on('error', () => undefined);
      request.resume();
    });
    const request = open({ method: 'POST', headers: { 'x-api-key': under.consumer.key, 'content-length': 1_000_000 } });
    request.write('hello');
    await reached;
    request.destroy();
    await broken;
    expect(await nextEvent(count)).toMatchObject({
      outcome: 'client_aborted',
      status: 499,
      bytesIn: 5,
      billable: false,
    });
  });

  it('leaves nothing open behind', async () => {
    under.upstream.answer();
    expect((await under.call('/things')).status).toBe(200);
    const { port } = new URL(`http://127.0.0.1:${under.gateway.adminPort}`);
    const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    expect(metrics).toMatch(/^tollgate_gateway_open_requests 0$/m);
    expect(metrics).toMatch(
      /^tollgate_gateway_requests_total\{api_version="[^"]+",base_path="[^"]+",outcome="client_aborted",status="4xx"\} 4$/m,
    );
  });
});

describe('an upstream that answers before it has read the request', () => {
  it('is heard, and the rest of the body is given up', async () => {
    const count = (await under.events()).length;
    under.upstream.handle((_request, response) => {
      response.writeHead(413, { 'content-length': 3, connection: 'close' });
      response.end('no!');
    });
    const request = open({ method: 'POST', headers: { 'x-api-key': under.consumer.key, 'content-length': 1_000_000 } });
    request.write('hello');
    const [response] = (await once(request, 'response')) as [http.IncomingMessage];
    expect(response.statusCode).toBe(413);
    expect(response.headers['connection']).toBe('close');
    const [chunk] = (await once(response, 'data')) as [Buffer];
    expect(chunk.toString()).toBe('no!');
    request.destroy();
    expect(await nextEvent(count)).toMatchObject({ outcome: 'delivered', status: 413, billable: false });
  });
});
