import dgram from 'node:dgram';
import type dns from 'node:dns';
import { once } from 'node:events';
import { Agent, request } from 'undici';
import { afterEach, describe, expect, it } from 'vitest';
import { dnsLookup } from './dns-lookup.js';
import { guardedConnector } from './guarded-connector.js';

const [A, AAAA] = [1, 28];
let servers: dgram.Socket[] = [];
afterEach(() => {
  for (const server of servers) server.close();
  servers = [];
});

/** A real name server for every name; with null it never answers. */
async function aNameServer(addresses: Readonly<Record<number, Buffer>> | null): Promise<string> {
  const server = dgram.createSocket('udp4');
  servers.push(server);
  server.on('message', (query, { port, address }) => {
    if (!addresses) return;
    const end = query.indexOf(0, 12) + 5;
    const data = addresses[query.readUInt16BE(end - 4)];
    const answer = data
      ? Buffer.concat([
          Buffer.from([0xc0, 12]),
          query.subarray(end - 4, end),
          Buffer.from([0, 0, 0, 1, 0, data.length]),
          data,
        ])
      : Buffer.alloc(0);
    const head = Buffer.from(query.subarray(0, 12));
    head.writeUInt16BE(0x8180, 2);
    head.writeUInt16BE(data ? 1 : 0, 6);
    head.writeUInt16BE(0, 10);
    server.send(Buffer.concat([head, query.subarray(12, end), answer]), port, address);
  });
  server.bind(0, '127.0.0.1');
  await once(server, 'listening');
  return `127.0.0.1:${server.address().port}`;
}

function look(server: string, timeoutMs = 2_000): Promise<dns.LookupAddress[]> {
  return new Promise((resolve, reject) => {
    dnsLookup({ timeoutMs, servers: [server] })('hooks.example', { all: true }, (error, addresses) =>
      error ? reject(error) : resolve(addresses),
    );
  });
}

const loopback = Buffer.from([127, 0, 0, 1]);
const six = Buffer.from([...Array.from({ length: 15 }, () => 0), 1]);

describe('a look-up at a name server', () => {
  it('has the addresses of both families, or of the one that there is', async () => {
    expect(await look(await aNameServer({ [A]: loopback, [AAAA]: six }))).toEqual([
      { address: '127.0.0.1', family: 4 },
      { address: '::1', family: 6 },
    ]);
    expect(await look(await aNameServer({ [AAAA]: six }))).toEqual([{ address: '::1', family: 6 }]);
  });

  it('fails for a name without addresses, and in time when nobody answers', async () => {
    await expect(look(await aNameServer({}))).rejects.toMatchObject({ code: 'ENODATA' });
    const silent = await aNameServer(null);
    let ended = 0;
    const count = () => ended++;
    const many = Promise.all(Array.from({ length: 32 }, () => look(silent, 2_000).then(count, count)));
    // While all of them wait, another name is found.
    expect(await look(await aNameServer({ [A]: loopback }))).toHaveLength(1);
    expect(ended).toBe(0);
    await many;
    await expect(look(silent, 100)).rejects.toMatchObject({ code: 'ECANCELLED' });
  });

  it('leads the guarded connector nowhere that is refused', async () => {
    const server = await aNameServer({ [A]: loopback });
    const connect = guardedConnector({}, false, dnsLookup({ timeoutMs: 2_000, servers: [server] }));
    const dispatcher = new Agent({ connect });
    await expect(request('http://hooks.example:9/', { dispatcher })).rejects.toThrow(
      'hooks.example leads to 127.0.0.1, which may not be connected to',
    );
    await dispatcher.destroy();
  });
});
