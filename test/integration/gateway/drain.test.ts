import { once } from 'node:events';
import http from 'node:http';
import { describe, expect, it } from 'vitest';
import { startGatewayUnderTest } from '../../support/gateway.js';
import { RawConnection } from '../../support/raw-http.js';

describe('a gateway that is told to stop', () => {
  it('ends what is under way with "Connection: close", and takes no new connections', async () => {
    const under = await startGatewayUnderTest({}, { stop: { idleMs: 300, acknowledgeMs: 0 } });
    const reached = Promise.withResolvers<http.ServerResponse>();
    under.upstream.handle((_request, response) => reached.resolve(response));
    const agent = new http.Agent({ keepAlive: true });
    const headers = { 'x-api-key': under.consumer.key };
    const request = http.get(`${under.url}/things`, { agent, headers });
    const answered = once(request, 'response') as Promise<[http.IncomingMessage]>;
    const upstream = await reached.promise;
    const idle = await RawConnection.open(under.origin);
    idle.send('GET /nowhere HTTP/1.1', 'host: a', '', '');
    await idle.until('route_not_found');

    const stopped = under.gateway.stop();
    await expect(RawConnection.open(under.origin)).rejects.toThrow('ECONNREFUSED');
    idle.received = '';
    idle.send('GET /nowhere HTTP/1.1', 'host: a', '', '');
    expect(await idle.untilClosed()).toMatch(/^HTTP\/1\.1 404 [\s\S]*^connection: close\r$/im);
    upstream.end('whole');
    const [response] = await answered;
    expect(response.headers['connection']).toBe('close');
    const [chunk] = (await once(response, 'data')) as [Buffer];
    expect(chunk.toString()).toBe('whole');
    await stopped;
    expect(await under.events()).toMatchObject([{ outcome: 'delivered', billable: true }]);
    agent.destroy();
    await under.dispose();
  });
});
