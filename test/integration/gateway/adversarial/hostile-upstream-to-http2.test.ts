import fs from 'node:fs';
import type { Http2ServerResponse } from 'node:http2';
import https from 'node:https';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestAuthority, makeCertificateFolder } from '../../../support/certificates.js';
import { type GatewayUnderTest, startGatewayUnderTest } from '../../../support/gateway.js';
import { type RawUpstream, startRawUpstream } from '../../../support/raw-upstream.js';
import { startSecureUpstream } from '../../../support/secure-upstream.js';
import { callTls, connectHttp2 } from '../../../support/tls-client.js';
import { pointUpstreamAt } from '../../../support/upstream-place.js';

let folder: string;
let hostile: RawUpstream;
let under: GatewayUnderTest;
beforeAll(async () => {
  const authority = await TestAuthority.create();
  folder = makeCertificateFolder({ a: await authority.issue({ dns: ['api.test'] }) });
  hostile = await startRawUpstream();
  under = await startGatewayUnderTest(
    { version: { upstream: { url: hostile.url, connectTimeoutMs: 1_000, responseTimeoutMs: 1_000 } } },
    { tls: { port: 0, folder } },
  );
});
afterAll(async () => {
  await under.dispose();
  hostile.close();
  fs.rmSync(folder, { recursive: true });
});

const call = () =>
  callTls(`https://127.0.0.1:${under.gateway.tlsPort}${under.catalog.version.basePath}/things`, {
    protocol: 'h2',
    tls: { rejectUnauthorized: false },
    key: under.consumer.key,
  });

/** What comes ahead of the answer, and the answer. */
async function hintsOf(): Promise<{ hints: Record<string, unknown>[]; status: number; body: string }> {
  const session = await connectHttp2(`https://127.0.0.1:${under.gateway.tlsPort}`, { rejectUnauthorized: false });
  try {
    const path = `${under.catalog.version.basePath}/things`;
    const stream = session.request({ ':path': path, 'x-api-key': under.consumer.key });
    const hints: Record<string, unknown>[] = [];
    let status = 0;
    let body = '';
    stream.on('headers', (fields) => hints.push(Object.fromEntries(Object.entries(fields))));
    stream.on('response', (fields) => (status = Number(fields[':status'])));
    stream.on('data', (chunk: Buffer) => (body += chunk.toString('latin1')));
    await new Promise((resolve, reject) => stream.once('close', resolve).once('error', reject));
    return { hints, status, body };
  } finally {
    session.close();
  }
}

const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';

describe('an interim answer of the upstream (RFC 9110 §15.2)', () => {
  it('arrives ahead of the answer, without what is for one hop or only ours to say', async () => {
    const hint =
      'HTTP/1.1 103 Early Hints\r\nlink: </a.css>; rel=preload\r\nlink: </b.js>; rel=preload\r\nx-cause: café\r\n' +
      'usage: "requests";cost=0\r\nratelimit: "burst";r=1\r\nkeep-alive: timeout=5\r\n\r\n';
    const isPlain = [`${hint}${OK}`, `HTTP/1.1 102 Processing\r\n\r\n${hint}${OK}`];
    // An answer in chunks is read by another reader.
    const isChunked = `${hint}HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n`;
    for (const said of [...isPlain, isChunked]) {
      hostile.answer = (socket) => socket.write(said, 'latin1');
      const { hints, ...answer } = await hintsOf();
      expect(answer).toEqual({ status: 200, body: 'ok' });
      const early = hints.filter((fields) => fields[':status'] === 103);
      expect(early).toHaveLength(1);
      expect(early[0]).toEqual({
        ':status': 103,
        link: '</a.css>; rel=preload, </b.js>; rel=preload',
        'x-cause': 'café',
      });
      expect(hints.length - early.length).toBe(said.includes('102') ? 1 : 0);
    }
  });

  it('arrives from an upstream by HTTP/2 as well', async () => {
    const upstream = await startSecureUpstream('h2c');
    upstream.handle((_request, response) => {
      const { stream } = response as unknown as Http2ServerResponse;
      stream.additionalHeaders({ ':status': 103, link: '</a.css>; rel=preload', ratelimit: '"burst";r=1' });
      response.end('ok');
    });
    await pointUpstreamAt(under, { url: upstream.url, protocol: 'h2' });
    const { hints, ...answer } = await hintsOf();
    expect(answer).toEqual({ status: 200, body: 'ok' });
    expect(hints).toEqual([{ ':status': 103, link: '</a.css>; rel=preload' }]);
    await pointUpstreamAt(under, { url: hostile.url, protocol: 'http1' });
    await upstream.close();
  });

  it('is dropped where it is a 100, which is ours, and where there are more than a slow caller should be kept for', async () => {
    hostile.answer = (socket) => socket.write(`HTTP/1.1 100 Continue\r\n\r\n${OK}`);
    expect(await hintsOf()).toEqual({ hints: [], status: 200, body: 'ok' });
    const large = `HTTP/1.1 103 Early Hints\r\nlink: </${'a'.repeat(3_000)}>\r\n\r\n`;
    hostile.answer = (socket) => socket.write(large.repeat(5) + OK);
    const { hints, ...answer } = await hintsOf();
    expect(answer).toEqual({ status: 200, body: 'ok' });
    expect(hints).toHaveLength(2);
  });

  it('does not reach a caller by HTTP/1.1, who might take it for the answer', async () => {
    hostile.answer = (socket) => socket.write(`HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n${OK}`);
    let hints = 0;
    const url = `https://127.0.0.1:${under.gateway.tlsPort}${under.catalog.version.basePath}/things`;
    await new Promise((resolve, reject) => {
      const headers = { 'x-api-key': under.consumer.key };
      const request = https.request(url, { headers, rejectUnauthorized: false, agent: false }, (response) => {
        response.resume().once('end', resolve);
      });
      request.on('information', () => hints++);
      request.once('error', reject).end();
    });
    expect(hints).toBe(0);
  });
});

describe('an answer of HTTP/1.1 that HTTP/2 has no words for', () => {
  it.each([
    ['two content types', 'content-type: text/a\r\ncontent-type: text/b\r\n'],
    ['two tags', 'etag: "a"\r\netag: "b"\r\n'],
    ['two ages', 'age: 1\r\nage: 2\r\n'],
    ['two locations', 'location: /a\r\nlocation: /b\r\n'],
    ['two dates', `date: x\r\ndate: y\r\n`],
    ['two credentials', `access-control-allow-credentials: true\r\naccess-control-allow-credentials: true\r\n`],
    ['settings', 'http2-settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n'],
    ['what is for one hop', 'te: gzip\r\nproxy-connection: close\r\nkeep-alive: timeout=9\r\n'],
    ['another character set', 'x-name: caf\xe9\r\n'],
    ['an empty value', 'x-name:\r\n'],
  ])('with %s arrives', async (_what, fields) => {
    for (const framing of ['content-length: 2\r\n\r\nok', 'transfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n']) {
      hostile.answer = (socket) => socket.write(`HTTP/1.1 200 OK\r\n${fields}${framing}`, 'latin1');
      expect(await call()).toMatchObject({ status: 200, body: 'ok' });
    }
  });

  it('with trailers that are none arrives without them', async () => {
    hostile.answer = (socket) =>
      socket.write(
        'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nconnection: close\r\nhttp2-settings: a\r\netag: a\r\netag: b\r\n\r\n',
        'latin1',
      );
    expect(await call()).toMatchObject({ status: 200, body: 'ok' });
  });
});
