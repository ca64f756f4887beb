import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Agent, request } from 'undici';
import { type LookupAll, guardedConnector } from './guarded-connector.js';
import { guardedFetch } from './guarded-fetch.js';

let server: http.Server;
let port: number;
let asked: string[] = [];

beforeAll(async () => {
  server = http.createServer((incoming, answer) => {
    asked.push(incoming.url ?? '');
    if (incoming.url === '/elsewhere') return void answer.writeHead(302, { location: '/inside' }).end();
    answer.end('x'.repeat(2_000));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  port = (server.address() as AddressInfo).port;
});
beforeEach(() => {
  asked = [];
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

/** A name server whose answers are these, one after the other. */
function answering(...answers: readonly (readonly string[])[]): { readonly lookup: LookupAll; calls: number } {
  const names = {
    calls: 0,
    lookup: ((_hostname, _options, callback) => {
      const addresses = answers[Math.min(names.calls++, answers.length - 1)]!;
      callback(
        null,
        addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      );
    }) as LookupAll,
  };
  return names;
}

async function ask(host: string, allowsPrivate: boolean, lookup?: LookupAll): Promise<number> {
  const dispatcher = new Agent({ connect: guardedConnector({}, allowsPrivate, lookup) });
  try {
    const { statusCode, body } = await request(`http://${host}:${port}/inside`, { dispatcher });
    await body.dump();
    return statusCode;
  } finally {
    await dispatcher.destroy();
  }
}

describe('a guarded connection', () => {
  it.each(['127.0.0.1', 'localhost', '[::1]', '[::ffff:127.0.0.1]', '10.0.0.1', '169.254.169.254', '[fe80::1]'])(
    'is not made to %s, and nothing is sent',
    async (host) => {
      await expect(ask(host, false)).rejects.toMatchObject({ code: 'OUTBOUND_ADDRESS' });
      expect(asked).toEqual([]);
    },
  );

  it('is made to this machine where that is allowed, but to no metadata', async () => {
    expect(await ask('127.0.0.1', true)).toBe(200);
    await expect(ask('169.254.169.254', true)).rejects.toMatchObject({ code: 'OUTBOUND_ADDRESS' });
  });

  it('is not made when one of the addresses of a name is refused', async () => {
    const { lookup } = answering(['203.0.113.7', '127.0.0.1']);
    await expect(ask('two-faced.example', false, lookup)).rejects.toThrow(
      'two-faced.example leads to 127.0.0.1, which may not be connected to',
    );
    expect(asked).toEqual([]);
  });

  it('goes to the address that was checked: a name that changes meanwhile is not asked again', async () => {
    const names = answering(['127.0.0.1'], ['169.254.169.254']);
    expect(await ask('rebinding.example', true, names.lookup)).toBe(200);
    expect(names.calls).toBe(1);
    // For the next connection it is, and is refused then.
    await expect(ask('rebinding.example', true, names.lookup)).rejects.toMatchObject({ code: 'OUTBOUND_ADDRESS' });
    expect(asked).toEqual(['/inside']);
  });
});

describe('a guarded fetch', () => {
  const limits = { timeoutMs: 5_000, maxAnswerBytes: 1_000 };

  it('says why it refuses an address', async () => {
    const refused = guardedFetch({ ...limits, allowsPrivate: false })(`http://127.0.0.1:${port}/inside`);
    await expect(refused).rejects.toMatchObject({ cause: { code: 'OUTBOUND_ADDRESS' } });
    expect(asked).toEqual([]);
  });

  it('follows no redirect, and reads no more than it may', async () => {
    const fetch = guardedFetch({ ...limits, allowsPrivate: true });
    expect((await fetch(`http://127.0.0.1:${port}/elsewhere`)).status).toBe(302);
    expect(asked).toEqual(['/elsewhere']);
    await expect(fetch(`http://127.0.0.1:${port}/inside`).then((answer) => answer.text())).rejects.toThrow();
  });
});
