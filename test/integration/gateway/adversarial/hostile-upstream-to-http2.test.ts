import fs from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestAuthority, makeCertificateFolder } from '../../../support/certificates.js';
import { type GatewayUnderTest, startGatewayUnderTest } from '../../../support/gateway.js';
import { type RawUpstream, startRawUpstream } from '../../../support/raw-upstream.js';
import { callTls } from '../../../support/tls-client.js';

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
