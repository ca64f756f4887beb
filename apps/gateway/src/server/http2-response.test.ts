import { once } from 'node:events';
import http2, { constants } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Http2Request } from './http2-request.js';
import { Http2Response } from './http2-response.js';

let server: http2.Http2Server;
let session: http2.ClientHttp2Session;
beforeEach(async () => {
  server = http2.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  session = http2.connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
afterEach(() => {
  session.destroy();
  server.close();
});

describe('an answer that HTTP/2 cannot say', () => {
  it('breaks its own stream off, and throws nothing at whoever releases it', async () => {
    server.on('stream', (stream: http2.ServerHttp2Stream) => {
      stream.on('error', () => undefined);
      const response = new Http2Response(stream, { method: 'GET', complete: true } as Http2Request);
      response.writeHead(200, [':path', '/']);
      response.end(Buffer.from('ok'));
    });
    const stream = session.request({ ':path': '/' });
    stream.on('error', () => undefined);
    await new Promise((resolve) => stream.on('close', resolve));
    expect(stream.rstCode).toBe(constants.NGHTTP2_INTERNAL_ERROR);
  });
});
