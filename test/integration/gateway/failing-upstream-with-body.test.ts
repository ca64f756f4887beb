import net, { type AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GatewayUnderTest, startGatewayUnderTest } from '../../support/gateway.js';
import { RawConnection } from '../../support/raw-http.js';
import { pointUpstreamAt } from '../../support/upstream-place.js';

let under: GatewayUnderTest;
let hostile: net.Server;
let onBytes: (socket: net.Socket) => void;
beforeAll(async () => {
  hostile = net.createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => onBytes(socket));
  });
  await new Promise<void>((resolve) => hostile.listen(0, '127.0.0.1', resolve));
  under = await startGatewayUnderTest();
  await pointUpstreamAt(under, {
    url: `http://127.0.0.1:${(hostile.address() as AddressInfo).port}`,
    responseTimeoutMs: 500,
  });
});
afterAll(async () => {
  await under.dispose();
  hostile.close();
});

/** One that comes whole at once, one that the gateway takes in while it waits, and one that it cannot. */
const lengths = [1_000, 60_000, 8_000_000];

describe.each([
  ['resets the connection', 502, 'upstream_broke', (socket: net.Socket) => void socket.resetAndDestroy()],
  ['closes the connection', 502, 'upstream_broke', (socket: net.Socket) => void socket.destroy()],
  ['answers what is no HTTP', 502, 'upstream_broke', (socket: net.Socket) => void socket.end('hello\r\n\r\n')],
  ['reads no further', 504, 'upstream_timeout', (socket: net.Socket) => void socket.pause()],
])('an upstream that %s in the middle of a body of known length', (_name, status, code, fault) => {
  it.each(lengths)(
    'leaves the caller of %i bytes an answer, and its connection where the body has come',
    async (length) => {
      onBytes = fault;
      const { basePath } = under.catalog.version;
      const client = await RawConnection.open(under.origin);
      client.send(
        `POST ${basePath}/things HTTP/1.1`,
        'host: a',
        `x-api-key: ${under.consumer.key}`,
        `content-length: ${length}`,
        '',
        'x'.repeat(length),
      );
      client.send(`GET ${basePath}/nowhere HTTP/1.1`, 'host: a', '', '');
      const isWhole = length < 1_000_000;
      const received = isWhole ? await client.until('"status":404') : await client.untilClosed();
      expect(received).toMatch(new RegExp(`^HTTP/1.1 ${status} [^]*\r\n\r\n\\{[^}]*"code":"${code}"[^}]*\\}`));
      const requestId = /tollgate-request-id: (\S+)/.exec(received)![1]!;
      expect(await under.eventOf(requestId)).toMatchObject({ status, outcome: code, billable: false });
      if (!isWhole) expect(received).toMatch(/^connection: close\r$/m);
      client.socket.destroy();
    },
  );
});
