import { once } from 'node:events';
import http from 'node:http';
import { describe, expect, it } from 'vitest';
import { startGateway } from '../../../apps/gateway/src/gateway.server.js';
import { gatewayOptions, readJournal, startGatewayUnderTest } from '../../support/gateway.js';
import { eventually } from '../../support/eventually.js';
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

  it('lets its successor go on with plain connections on which nothing is under way', async () => {
    const under = await startGatewayUnderTest({}, { stop: { idleMs: 0, acknowledgeMs: 0 } });
    const options = gatewayOptions(under.database, { gatewayId: 'gateway-2', bounds: { headersTimeoutMs: 200 } });
    const successor = await startGateway(options);
    const get = (place: string): string =>
      [
        `GET ${under.catalog.version.basePath}${place} HTTP/1.1`,
        'host: a',
        `x-api-key: ${under.consumer.key}`,
        '',
        '',
      ].join('\r\n');
    const reached = Promise.withResolvers<http.ServerResponse>();
    under.upstream.handle((request, response) => {
      if (request.url?.endsWith('?slow')) reached.resolve(response);
      else response.end('whole');
    });
    const [kept, spoken, fresh, busy] = [
      await RawConnection.open(under.origin),
      await RawConnection.open(under.origin),
      await RawConnection.open(under.origin),
      await RawConnection.open(under.origin),
    ];
    for (const connection of [kept, spoken]) {
      connection.send(get('/things?first'));
      await connection.until('whole');
      connection.received = '';
    }
    busy.send(get('/things?slow'));
    const upstream = await reached.promise;

    // Not read yet when the connection changes hands.
    spoken.send(get('/things?second'));
    const stopped = under.gateway.stop(async (handle, isKept) => successor.takeOver(handle, isKept));
    expect(await spoken.until('whole')).toMatch(/^HTTP\/1\.1 200 [^]*^connection: keep-alive\r$/im);
    upstream.end('late');
    expect(await busy.untilClosed()).toMatch(/^connection: close\r$[^]*late/im);
    await stopped;
    expect(await fresh.untilClosed()).toMatch(/^HTTP\/1\.1 408 /);
    // It has been silent for as long, but after an answer.
    kept.send(get('/things?third'));
    expect(await kept.until('whole')).toMatch(/^HTTP\/1\.1 200 /);

    expect(await under.events()).toHaveLength(3);
    expect(await readJournal(options.journalFolder)).toHaveLength(2);
    await successor.stop();
    await under.dispose();
  });

  it('counts what it has taken over among its connections, until it closes', async () => {
    const under = await startGatewayUnderTest({}, { stop: { idleMs: 0, acknowledgeMs: 0 } });
    const successor = await startGateway(
      gatewayOptions(under.database, { gatewayId: 'gateway-2', bounds: { maxConnections: 2 } }),
    );
    const origin = `http://127.0.0.1:${successor.port}`;
    const ask = async (connection: RawConnection): Promise<string> => {
      connection.received = '';
      connection.send('GET /nowhere HTTP/1.1', 'host: a', '', '');
      return connection.until('route_not_found');
    };
    const [first, second] = [await RawConnection.open(under.origin), await RawConnection.open(under.origin)];
    for (const connection of [first, second]) await ask(connection);
    await under.gateway.stop(async (handle, isKept) => successor.takeOver(handle, isKept));

    const refused = await RawConnection.open(origin);
    expect(await refused.untilClosed()).toBe('');
    for (const connection of [first, second]) expect(await ask(connection)).toContain('404');
    first.socket.destroy();
    await eventually(async () => {
      const third = await RawConnection.open(origin);
      const isAnswered = await ask(third).then(
        () => true,
        () => false,
      );
      third.socket.destroy();
      return isAnswered;
    }, Boolean);
    await successor.stop();
    await under.dispose();
  });
});
