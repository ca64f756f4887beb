import { Duplex } from 'node:stream';
import tls from 'node:tls';
import { describe, expect, it } from 'vitest';
import { serverNameIn } from './client-hello.js';

/** What a real client sends first. */
function clientHello(options: tls.ConnectionOptions): Promise<Buffer> {
  return new Promise((resolve) => {
    const socket = new Duplex({ read: () => undefined, write: (chunk: Buffer) => resolve(chunk) });
    tls.connect({ socket, ...options }).on('error', () => undefined);
  });
}

describe('the name in a ClientHello', () => {
  it.each(['TLSv1.2', 'TLSv1.3'] as const)('is read of %s, whatever parts it comes in', async (version) => {
    const bytes = await clientHello({ servername: 'api.test', maxVersion: version });
    expect(serverNameIn(bytes)).toBe('api.test');
    for (let length = 0; length < bytes.length; length++)
      expect(serverNameIn(bytes.subarray(0, length))).toBeUndefined();
  });

  it('is read across records', async () => {
    const bytes = await clientHello({ servername: 'api.test' });
    const body = bytes.subarray(5);
    const record = (part: Buffer) =>
      Buffer.concat([Buffer.from([22, 3, 1, part.length >> 8, part.length & 255]), part]);
    const split = Buffer.concat([record(body.subarray(0, 2)), record(body.subarray(2, 90)), record(body.subarray(90))]);
    expect(serverNameIn(split)).toBe('api.test');
  });

  it('is none where the client names none, or speaks no TLS', async () => {
    expect(serverNameIn(await clientHello({ servername: '' }))).toBeNull();
    expect(serverNameIn(Buffer.from('GET / HTTP/1.1\r\n'))).toBeNull();
    expect(serverNameIn(Buffer.from([22, 3, 1, 0, 4, 2, 0, 0, 0]))).toBeNull();
    expect(serverNameIn(Buffer.from([22, 3, 1, 0, 8, 1, 0, 0, 4, 3, 3, 0, 0]))).toBeNull();
  });

  it('is not waited for without end', () => {
    const endless = Buffer.alloc(40_000, Buffer.from([22, 3, 1, 0, 4, 1, 255, 255, 255]));
    expect(serverNameIn(endless.subarray(0, 9))).toBeUndefined();
    expect(serverNameIn(endless)).toBeNull();
  });
});
