import fs from 'node:fs';
import path from 'node:path';
import type { MtlsPolicy } from '#domain';
import { addIdentity } from '#services';
import { once } from 'node:events';
import net from 'node:net';
import tls from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CertificatePair, TestAuthority, makeCertificateFolder } from '../../support/certificates.js';
import { aCredential, anApplication } from '../../support/factories.js';
import { type Answer, type GatewayUnderTest, startGatewayUnderTest } from '../../support/gateway.js';
import { handshake, isCertificateAskedFor } from '../../support/tls-handshake.js';
import { callTls } from '../../support/tls-client.js';

const actor = { kind: 'cli', id: null } as const;
let servers: TestAuthority;
let partners: TestAuthority;
let others: TestAuthority;
let folder: string;
let under: GatewayUnderTest;

const start = async (
  policy: Partial<MtlsPolicy>,
  { host = 'api.test' as string | null, tlsFolder = folder } = {},
): Promise<GatewayUnderTest> => {
  const mtls = { isRequired: false, identifyBy: 'subject' as const, ...policy };
  return startGatewayUnderTest(
    { version: { host, policies: { authentication: { mtls } } } },
    { tls: { port: 0, folder: tlsFolder } },
  );
};
const map = (on: GatewayUnderTest, value: string, applicationId = on.consumer.application.id) =>
  addIdentity(on.database.context, { applicationId, kind: 'mtls', issuer: null, value, actor });

interface Shown {
  readonly on?: GatewayUnderTest;
  readonly certificate?: CertificatePair;
  readonly key?: string;
  readonly servername?: string;
  readonly host?: string;
  readonly protocol?: 'h2' | 'http/1.1';
}
const show = ({
  on = under,
  certificate,
  key,
  servername = 'api.test',
  host,
  protocol = 'h2',
}: Shown): Promise<Answer> => {
  const url = `https://127.0.0.1:${on.gateway.tlsPort}${on.catalog.version.basePath}/things`;
  const headers = protocol === 'h2' ? { ':authority': host ?? servername } : { host: host ?? servername };
  const options = { rejectUnauthorized: false, servername, ...certificate };
  return callTls(url, { protocol, tls: options, headers, ...(key === undefined ? {} : { key }) });
};

beforeAll(async () => {
  servers = await TestAuthority.create('Servers');
  partners = await TestAuthority.create('Partners');
  others = await TestAuthority.create('Others');
  folder = makeCertificateFolder({
    a: await servers.issue({ dns: ['api.test'] }),
    b: await servers.issue({ dns: ['b.test'] }),
    c: await servers.issue({ dns: ['plain.test'] }),
  });
  fs.writeFileSync(path.join(folder, 'a.ca'), partners.pem);
  fs.writeFileSync(path.join(folder, 'b.ca'), others.pem);
  under = await start({});
  await map(under, 'CN=robot,O=Ada Ltd');
  await under.sync();
});
afterAll(async () => {
  await under.dispose();
  fs.rmSync(folder, { recursive: true });
});

const robot = (authority = partners) => authority.issue({ subject: 'O=Ada Ltd, CN=robot' });

describe('a call with a client certificate', () => {
  it.each(['h2', 'http/1.1'] as const)(
    'is a call of the application that its subject stands for, by %s',
    async (protocol) => {
      const answer = await show({ certificate: await robot(), protocol });
      expect(answer.status).toBe(200);
      const event = await under.eventOf(answer.headers['tollgate-request-id']);
      expect(event).toMatchObject({ applicationId: under.consumer.application.id, billable: true });
    },
  );

  it('is refused when nobody has its subject', async () => {
    under.upstream.requests.length = 0;
    const answer = await show({ certificate: await partners.issue({ subject: 'O=Ada Ltd, CN=other' }) });
    expect(answer.status).toBe(401);
    expect(answer.json()).toMatchObject({ code: 'invalid_certificate' });
    const injected = await show({ certificate: await partners.issue({ subject: 'CN="robot,O=Ada Ltd"' }) });
    expect(injected.status).toBe(401);
    expect(under.upstream.requests).toEqual([]);
  });

  it('counts as one without when another authority has issued it, or it has ended', async () => {
    for (const certificate of [
      await robot(others),
      await robot(await TestAuthority.create('Partners')),
      await partners.issue({ subject: 'O=Ada Ltd, CN=robot', notAfter: new Date('2021-01-01') }),
    ]) {
      const answer = await show({ certificate });
      expect(answer.json()).toMatchObject({ status: 401, code: 'credentials_missing' });
    }
  });

  it('does not count under a name with other authorities, nor under one with none', async () => {
    const atB = await show({ certificate: await robot(others), servername: 'b.test', host: 'api.test' });
    expect(atB.json()).toMatchObject({ status: 401, code: 'invalid_certificate' });
    const atPlain = await show({ certificate: await robot(), servername: 'plain.test', host: 'api.test' });
    expect(atPlain.json()).toMatchObject({ status: 401, code: 'credentials_missing' });
  });

  it('is not remembered by a session that is resumed', async () => {
    const certificate = await robot();
    const connect = (session?: Buffer): Promise<{ socket: tls.TLSSocket; session: Buffer | undefined }> =>
      new Promise((resolve, reject) => {
        const { tlsPort } = under.gateway;
        const options = { host: '127.0.0.1', port: tlsPort!, rejectUnauthorized: false, servername: 'api.test' };
        const socket = tls.connect({ ...options, ...certificate, ...(session && { session }) });
        socket.on('error', reject);
        let latest: Buffer | undefined;
        socket.on('session', (received: Buffer) => (latest = received));
        socket.on('data', () => resolve({ socket, session: latest ?? socket.getSession() }));
        socket.on('secureConnect', () => socket.write('GET / HTTP/1.1\r\nhost: api.test\r\n\r\n'));
      });
    const first = await connect();
    first.socket.destroy();
    const second = await connect(first.session);
    expect(second.socket.isSessionReused()).toBe(false);
    second.socket.destroy();
  });

  it('may carry a key of the same application; with one of another it is refused', async () => {
    const certificate = await robot();
    expect((await show({ certificate, key: under.consumer.key })).status).toBe(200);
    expect((await show({ key: under.consumer.key })).status).toBe(200);
    const other = await aCredential(under.database, { application: await anApplication(under.database) });
    await under.sync();
    const differing = await show({ certificate, key: other.key });
    expect(differing.json()).toMatchObject({ status: 400, code: 'conflicting_credentials' });
  });
});

describe('a version that is at every host', () => {
  it('takes no certificate where names have different authorities: each could issue the subjects of the other', async () => {
    const everywhere = await start({}, { host: null });
    await map(everywhere, 'CN=robot,O=Ada Ltd');
    await everywhere.sync();
    for (const [authority, servername] of [
      [others, 'b.test'],
      [partners, 'api.test'],
    ] as const) {
      const answer = await show({ on: everywhere, certificate: await robot(authority), servername });
      expect(answer.json()).toMatchObject({ status: 401, code: 'invalid_certificate' });
    }
    expect(everywhere.upstream.requests).toEqual([]);
    expect((await show({ on: everywhere, key: everywhere.consumer.key })).status).toBe(200);
    await everywhere.dispose();
  });

  it('takes them where all names have the same', async () => {
    const tlsFolder = makeCertificateFolder({
      a: await servers.issue({ dns: ['api.test'] }),
      b: await servers.issue({ dns: ['b.test'] }),
    });
    for (const name of ['a', 'b']) fs.writeFileSync(path.join(tlsFolder, `${name}.ca`), partners.pem);
    const everywhere = await start({}, { host: null, tlsFolder });
    await map(everywhere, 'CN=robot,O=Ada Ltd');
    await everywhere.sync();
    expect((await show({ on: everywhere, certificate: await robot() })).status).toBe(200);
    await everywhere.dispose();
    fs.rmSync(tlsFolder, { recursive: true });
  });
});

describe('a client that has no certificate', () => {
  it.each([
    ['api.test', true],
    ['b.test', true],
    ['plain.test', false],
    ['nobody.test', true],
  ])('is asked for one under %s: %s', async (servername, isAsked) => {
    const { tlsPort } = under.gateway;
    const { bytes, socket } = await handshake({ host: '127.0.0.1', port: tlsPort!, servername });
    expect(isCertificateAskedFor(bytes())).toBe(isAsked);
    socket.destroy();
  });

  it('is served under a name that asks for none, in parts as they come, and with HTTP/2', async () => {
    const plain = { servername: 'plain.test', host: 'api.test' };
    expect((await show({ ...plain, key: under.consumer.key })).status).toBe(200);
    const { socket } = await handshake(
      { host: '127.0.0.1', port: under.gateway.tlsPort!, servername: 'plain.test' },
      7,
    );
    expect(socket.getPeerX509Certificate()?.subjectAltName).toBe('DNS:plain.test');
    socket.destroy();
  });

  it('that says nothing, or no TLS, is dropped without harm to others', async () => {
    const silent = net.connect(under.gateway.tlsPort!, '127.0.0.1');
    const plain = net.connect(under.gateway.tlsPort!, '127.0.0.1', () => plain.write('GET / HTTP/1.1\r\n\r\n'));
    plain.on('error', () => undefined);
    plain.resume();
    await once(plain, 'close');
    silent.destroy();
    expect((await show({ key: under.consumer.key })).status).toBe(200);
  });
});

describe('an API version that requires certificates', () => {
  it('refuses a key alone, and takes an alternative name for the caller', async () => {
    const strict = await start({ isRequired: true, identifyBy: 'alternative_name' });
    await map(strict, 'URI:spiffe://ada.test/robot');
    await strict.sync();
    const bare = await show({ on: strict, key: strict.consumer.key });
    expect(bare.json()).toMatchObject({ status: 401, code: 'invalid_certificate' });
    const over = await strict.call('/things', { headers: { host: 'api.test' } });
    expect(over.status).toBe(401);
    const certificate = await partners.issue({ uris: ['spiffe://ada.test/robot'], dns: ['robot.ada.test'] });
    expect((await show({ on: strict, certificate })).status).toBe(200);
    await map(strict, 'DNS:robot.ada.test', (await anApplication(strict.database)).id);
    await strict.sync();
    const ambiguous = await show({ on: strict, certificate });
    expect(ambiguous.json()).toMatchObject({ status: 401, code: 'invalid_certificate' });
    await strict.dispose();
  });
});
