import net, { type AddressInfo, type Server } from 'node:net';
import tls from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestAuthority } from '../../support/certificates.js';
import { type GatewayUnderTest, startGatewayUnderTest } from '../../support/gateway.js';
import { pointUpstreamAt } from '../../support/upstream-place.js';

const goOn = 'HTTP/1.1 100 Continue\r\n\r\n';
const long = Buffer.alloc(300_000, 'a');
let under: GatewayUnderTest;
let authority: TestAuthority;
const servers: Server[] = [];
let connections = 0;
/** What the upstream says to each request, piece by piece; the first as soon as there is something of it. */
let pieces: readonly string[] = [];

beforeAll(async () => {
  authority = await TestAuthority.create();
  const pair = await authority.issue({ dns: ['localhost'] });
  servers.push(net.createServer(serve), tls.createServer({ key: pair.key, cert: pair.cert }, serve));
  for (const server of servers) await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  under = await startGatewayUnderTest();
});
afterAll(async () => {
  await under.dispose();
  for (const server of servers) server.close();
});

/** Reads requests to their end by their length; tells the answer's pieces in turns of the event loop. */
function serve(socket: net.Socket): void {
  connections++;
  let received = '';
  let hasBegun = false;
  socket.on('error', () => undefined);
  socket.on('data', (bytes) => {
    received += bytes.toString('latin1');
    if (!hasBegun) {
      hasBegun = true;
      socket.write(pieces[0]!);
    }
    const end = received.indexOf('\r\n\r\n') + 4;
    const length = Number(/content-length: (\d+)/i.exec(received)?.[1] ?? 0);
    const isChunked = /transfer-encoding: chunked/i.test(received);
    if (end === 3 || (isChunked ? !received.endsWith('0\r\n\r\n') : received.length < end + length)) return;
    received = '';
    hasBegun = false;
    const rest = pieces.slice(1);
    const tell = (): void => {
      const piece = rest.shift();
      if (piece === undefined) return;
      socket.write(piece);
      setTimeout(tell, 5);
    };
    setTimeout(tell, 5);
  });
}

const point = (protocol: 'http' | 'https') => {
  const { port } = servers[protocol === 'http' ? 0 : 1]!.address() as AddressInfo;
  const url = `${protocol}://localhost:${port}`;
  return pointUpstreamAt(under, { url, ...(protocol === 'https' && { tls: { verify: true, ca: authority.pem } }) });
};
const sound = (body: string) => `HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
const send = () => under.call('/things', { method: 'POST', body: long });

describe.each(['http', 'https'] as const)('an upstream by %s that says it goes on, which nobody asked', (protocol) => {
  beforeAll(() => point(protocol));

  it.each<[string, readonly string[]]>([
    ['at once, while the body comes', [goOn, sound('ok')]],
    ['twice, in pieces', [goOn.slice(0, 10), goOn.slice(10, 24), goOn.slice(24) + goOn, sound('ok')]],
    ['in one with its answer', ['', goOn + sound('ok')]],
  ])('is heard to the end: %s', async (_how, told) => {
    pieces = told;
    for (let call = 0; call < 3; call++) {
      const answer = await send();
      expect(answer).toMatchObject({ status: 200, body: 'ok' });
      const event = await under.eventOf(answer.headers['tollgate-request-id']);
      expect(event).toMatchObject({ status: 200, billable: true, bytesIn: long.length });
    }
  });

  it('keeps its connections', async () => {
    pieces = [goOn, sound('ok')];
    const before = connections;
    for (let call = 0; call < 5; call++) expect((await send()).status).toBe(200);
    expect(connections - before).toBeLessThanOrEqual(1);
  });

  it('has its words left as they are once its answer has begun', async () => {
    const body = `ab${goOn}${goOn}`;
    pieces = [sound(body).slice(0, -2 * goOn.length), goOn, goOn];
    expect(await send()).toMatchObject({ status: 200, body });
  });

  it('is at fault when it says nothing else, or does not stop', async () => {
    pieces = [goOn.repeat(20) + sound('ok')];
    expect((await send()).status).toBe(502);
    pieces = [`${goOn}hello\r\n\r\n`];
    expect((await send()).status).toBe(502);
  });
});

describe('a short call', () => {
  it('is answered where the 100 comes in two pieces', async () => {
    await point('http');
    pieces = [goOn.slice(0, 12), goOn.slice(12), sound('ok')];
    expect(await under.call('/things')).toMatchObject({ status: 200, body: 'ok' });
  });
});
