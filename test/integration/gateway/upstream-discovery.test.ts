import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Upstream } from '#domain';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TestAuthority } from '../../support/certificates.js';
import { eventually } from '../../support/eventually.js';
import { type GatewayUnderTest, call, startGatewayUnderTest } from '../../support/gateway.js';
import { type TestNameServer, addressRecords, startNameServer } from '../../support/name-server.js';
import { startSecureUpstream } from '../../support/secure-upstream.js';
import { type TestUpstream, startUpstream } from '../../support/upstream.js';
import { pointUpstreamAt } from '../../support/upstream-place.js';

let names: TestNameServer;
let folder: string;
let under: GatewayUnderTest;
beforeAll(async () => {
  names = await startNameServer();
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tollgate-targets-'));
  under = await startGatewayUnderTest({}, { upstreamNameServers: [names.address], upstreamTargetsFolder: folder });
});
afterAll(async () => {
  await under.dispose();
  names.close();
  fs.rmSync(folder, { recursive: true, force: true });
});

let upstreams: TestUpstream[];
beforeEach(async () => {
  names.fault = 0;
  names.records.clear();
  upstreams = [await startUpstream()];
  const { port } = new URL(upstreams[0]!.url);
  upstreams.push(await startUpstream('127.0.0.2', Number(port)), await startUpstream());
  return async () => {
    await Promise.all(upstreams.map((upstream) => upstream.close()));
  };
});

const portOf = ({ url }: { readonly url: string }) => Number(new URL(url).port);
const counts = () => upstreams.map(({ requests }) => requests.length);
const statuses = async (count: number): Promise<number[]> => {
  const seen: number[] = [];
  for (let index = 0; index < count; index++) seen.push((await under.call('/things')).status);
  return seen;
};
/** Each test has a name of its own, so that none has what another has found. */
let lastName = 0;
const freshName = (): string => `orders-${++lastName}.test`;
// Sooner than a catalogue file may say, so that nothing here takes seconds.
const refresh = { minRefreshSeconds: 0.1, maxRefreshSeconds: 0.1 };
const metrics = async (): Promise<string> => (await call(`http://127.0.0.1:${under.gateway.adminPort}/metrics`)).body;
const toName = (name: string, changes: Partial<Upstream> = {}) =>
  pointUpstreamAt(under, {
    url: `http://${name}:${portOf(upstreams[0]!)}/base`,
    discovery: { dns: { type: 'a', ...refresh } },
    ...changes,
  });
/** Until the gateway calls all of these and no others. */
const untilCalled = (...wanted: readonly TestUpstream[]) =>
  eventually(
    async () => {
      const before = counts();
      await statuses(4);
      const called = upstreams.filter((_, index) => counts()[index]! > before[index]!);
      return called.length === wanted.length && called.every((upstream) => wanted.includes(upstream));
    },
    (isSo) => isSo,
  );

describe('an upstream whose targets are found out by DNS', () => {
  it('is called at each address of its name, as what its url says', async () => {
    const name = freshName();
    names.records.set(name, addressRecords('127.0.0.1', '127.0.0.2'));
    await toName(name);
    await untilCalled(upstreams[0]!, upstreams[1]!);
    expect(await statuses(6)).toEqual(Array.from({ length: 6 }, () => 200));
    expect(upstreams[1]!.requests[0]).toMatchObject({
      url: '/base/things',
      headers: { host: `${name}:${portOf(upstreams[0]!)}` },
    });
  });

  it('keeps what was found when nobody answers any more, or with nothing, and tells of it', async () => {
    const name = freshName();
    names.records.set(name, addressRecords('127.0.0.1', '127.0.0.2'));
    await toName(name);
    await untilCalled(upstreams[0]!, upstreams[1]!);
    const failing = `tollgate_gateway_discovery_failing{source="a ${name}"} 1`;
    for (const fault of [2, 3]) {
      names.fault = fault;
      await eventually(metrics, (text) => text.includes(failing));
      await untilCalled(upstreams[0]!, upstreams[1]!);
      names.fault = 0;
      await eventually(metrics, (text) => !text.includes(failing));
    }
    names.records.set(name, addressRecords('127.0.0.2'));
    await untilCalled(upstreams[1]!);
  });

  it('refuses calls as long as nothing is found, and has no call at an address where no upstream may be', async () => {
    const name = freshName();
    await toName(name);
    const refused = await under.call('/things');
    expect(refused.json()).toMatchObject({ status: 503, code: 'circuit_open' });
    expect(refused.headers['retry-after']).toBe('1');
    const before = counts();
    names.records.set(name, addressRecords('169.254.169.254', '127.0.0.1'));
    await eventually(
      () => under.call('/things'),
      ({ status }) => status === 200,
    );
    expect(await statuses(4)).toEqual([200, 200, 200, 200]);
    expect(before).toEqual([0, 0, 0]);
    expect(counts()).toEqual([5, 0, 0]);
  });

  it('lets calls at an address that is gone end, and then its connections', async () => {
    const name = freshName();
    names.records.set(name, addressRecords('127.0.0.1'));
    await toName(name);
    await untilCalled(upstreams[0]!);
    const reached = Promise.withResolvers<() => void>();
    const closed = Promise.withResolvers<void>();
    upstreams[0]!.handle((request, response) => {
      // Said to be kept for long: only the gateway would end it.
      response.setHeader('keep-alive', 'timeout=600');
      request.socket.once('end', closed.resolve);
      upstreams[0]!.answer();
      reached.resolve(() => void response.end('late'));
    });
    const held = under.call('/things');
    const release = await reached.promise;
    names.records.set(name, addressRecords('127.0.0.2'));
    await untilCalled(upstreams[1]!);
    release();
    expect(await held).toMatchObject({ status: 200, body: 'late' });
    await closed.promise;
  });

  it('has ports, priorities and weights by SRV, and goes on to the next priority when the first rests', async () => {
    const name = freshName();
    const service = (upstream: TestUpstream, priority: number, weight: number) =>
      ({ type: 'SRV', priority, weight, port: portOf(upstream), target: `host.${name}` }) as const;
    names.records.set(`_http._tcp.${name}`, [service(upstreams[0]!, 1, 1), service(upstreams[2]!, 2, 1)]);
    names.records.set(`host.${name}`, addressRecords('127.0.0.1'));
    await pointUpstreamAt(under, {
      url: `http://${name}`,
      discovery: { dns: { type: 'srv', name: `_http._tcp.${name}`, ...refresh } },
      circuitBreaker: { consecutiveFailures: 1, openMs: 60_000, maxConcurrent: null },
    });
    await untilCalled(upstreams[0]!);
    upstreams[0]!.answer(500);
    await statuses(1);
    const before = counts();
    expect(await statuses(3)).toEqual([200, 200, 200]);
    expect(counts()).toEqual([before[0], before[1], before[2]! + 3]);
    expect(upstreams[2]!.requests[0]!.headers.host).toBe(name);
  });

  it('wants the certificate of the name in its url, whatever address it is at', async () => {
    const name = freshName();
    const authority = await TestAuthority.create();
    const secure = await startSecureUpstream('https', await authority.issue({ dns: [name] }));
    const to = (host: string) =>
      pointUpstreamAt(under, {
        url: `https://${host}:${portOf(secure)}`,
        discovery: { dns: { type: 'a', name, ...refresh } },
        tls: { verify: true, ca: authority.pem },
      });
    names.records.set(name, addressRecords('127.0.0.1'));
    await to(name);
    await eventually(
      () => under.call('/things'),
      ({ status }) => status !== 503,
    );
    expect(await under.call('/things')).toMatchObject({ status: 200, body: 'ok' });
    await to('other.test');
    expect((await under.call('/things')).json()).toMatchObject({ status: 502, code: 'upstream_refused' });
    await secure.close();
  });
});

describe('an upstream whose targets are in a file', () => {
  const write = (content: unknown) => fs.writeFileSync(path.join(folder, 'orders.yaml'), JSON.stringify(content));
  const hosts = (...targets: readonly TestUpstream[]) => ({
    targets: targets.map(({ url }) => ({ host: new URL(url).hostname, port: portOf({ url }) })),
  });

  it('goes by the file as it is at the moment, and by the last sound one', async () => {
    write(hosts(upstreams[0]!, upstreams[2]!));
    await pointUpstreamAt(under, { url: 'http://orders.test/base', discovery: { file: 'orders.yaml' } });
    await untilCalled(upstreams[0]!, upstreams[2]!);
    expect(upstreams[2]!.requests[0]).toMatchObject({ url: '/base/things', headers: { host: 'orders.test' } });
    write({ targets: [{ host: '127.0.0.2', post: 1 }] });
    await eventually(metrics, (text) =>
      text.includes('tollgate_gateway_discovery_failing{source="file orders.yaml"} 1'),
    );
    await untilCalled(upstreams[0]!, upstreams[2]!);
    write(hosts(upstreams[1]!));
    await untilCalled(upstreams[1]!);
    expect(await metrics()).toMatch(/^tollgate_gateway_upstream_targets\{.*subset=""\} 1$/m);
  });

  it('is not served where the operator has no folder for such files', async () => {
    const strict = await startGatewayUnderTest();
    await pointUpstreamAt(strict, { url: 'http://orders.test', discovery: { file: 'orders.yaml' } });
    expect((await strict.call('/things')).json()).toMatchObject({ status: 503, code: 'api_unavailable' });
    await strict.dispose();
  });
});
