import fs from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import path from 'node:path';
import tls from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGateway } from '../../../apps/gateway/src/gateway.server.js';
import { type CertificatePair, TestAuthority, makeCertificateFolder, writePair } from '../../support/certificates.js';
import { eventually } from '../../support/eventually.js';
import { type GatewayUnderTest, gatewayOptions, startGatewayUnderTest } from '../../support/gateway.js';
import { callTls } from '../../support/tls-client.js';

let authority: TestAuthority;
let folder: string;
let under: GatewayUnderTest;
beforeAll(async () => {
  authority = await TestAuthority.create();
  const issue = (...dns: string[]): Promise<CertificatePair> => authority.issue({ dns });
  folder = makeCertificateFolder({
    a: await issue('api.test', '*.wild.test'),
    b: await issue('other.test', 'deep.wild.test'),
    default: await issue('default.test'),
  });
  under = await startGatewayUnderTest({}, { tls: { port: 0, folder, watchMs: 20 } });
});
afterAll(async () => {
  await under.dispose();
  fs.rmSync(folder, { recursive: true });
});

const connect = (options: tls.ConnectionOptions = {}): Promise<tls.TLSSocket> =>
  new Promise((resolve, reject) => {
    const socket = tls.connect(
      { host: '127.0.0.1', port: under.gateway.tlsPort!, ca: authority.pem, rejectUnauthorized: false, ...options },
      () => resolve(socket),
    );
    socket.on('error', reject);
  });

const namesFor = async (servername?: string): Promise<string | undefined> => {
  const socket = await connect(servername === undefined ? {} : { servername });
  const certificate = socket.getPeerX509Certificate();
  socket.destroy();
  return certificate?.subjectAltName;
};

describe('the TLS listener', () => {
  it('shows the certificate of the name that is asked for, an exact one before a wildcard, else the default', async () => {
    expect(await namesFor('api.test')).toContain('DNS:api.test');
    expect(await namesFor('OTHER.test')).toContain('DNS:other.test');
    expect(await namesFor('any.wild.test')).toContain('DNS:*.wild.test');
    expect(await namesFor('deep.wild.test')).toContain('DNS:deep.wild.test');
    expect(await namesFor('too.deep.wild.test')).toBe('DNS:default.test');
    expect(await namesFor('nobody.test')).toBe('DNS:default.test');
    expect(await namesFor()).toBe('DNS:default.test');
  });

  it('speaks TLS 1.2 and 1.3 and nothing older', async () => {
    const versionOf = async (version: tls.SecureVersion): Promise<string | null> => {
      const socket = await connect({ minVersion: version, maxVersion: version, ciphers: 'DEFAULT:@SECLEVEL=0' });
      const protocol = socket.getProtocol();
      socket.destroy();
      return protocol;
    };
    expect(await versionOf('TLSv1.3')).toBe('TLSv1.3');
    expect(await versionOf('TLSv1.2')).toBe('TLSv1.2');
    await expect(versionOf('TLSv1.1')).rejects.toThrow(/version/);
    await expect(connect({ maxVersion: 'TLSv1.2', ciphers: 'AES128-SHA' })).rejects.toThrow(/handshake/);
  });

  it('serves the same API, and tells the upstream that the client used https', async () => {
    const { basePath } = under.catalog.version;
    for (const protocol of ['http/1.1', 'h2'] as const) {
      const url = `https://127.0.0.1:${under.gateway.tlsPort}${basePath}/things`;
      const options = { ca: authority.pem, servername: 'api.test' };
      const answer = await callTls(url, { protocol, tls: options, key: under.consumer.key });
      expect(answer.status).toBe(200);
      expect(under.upstream.requests.at(-1)!.headers['x-forwarded-proto']).toBe('https');
    }
    await under.call('/things');
    expect(under.upstream.requests.at(-1)!.headers['x-forwarded-proto']).toBe('http');
  });

  it('takes the connection down of one who speaks no TLS, and goes on', async () => {
    const plain = http.get({ port: under.gateway.tlsPort!, host: '127.0.0.1', agent: false });
    await expect(new Promise((_resolve, reject) => plain.on('error', reject))).rejects.toThrow();
    expect(await namesFor('api.test')).toContain('DNS:api.test');
  });
});

describe('certificates that change on disk', () => {
  it('are taken by new connections, while one that is there goes on', async () => {
    const agent = new https.Agent({ keepAlive: true, maxSockets: 1 });
    const { basePath } = under.catalog.version;
    const get = (): Promise<{ reused: boolean; status: number }> =>
      new Promise((resolve, reject) => {
        const request = https.get(
          {
            port: under.gateway.tlsPort!,
            host: '127.0.0.1',
            path: `${basePath}/things`,
            headers: { 'x-api-key': under.consumer.key },
            servername: 'api.test',
            ca: authority.pem,
            agent,
          },
          (response) =>
            response.resume().on('end', () => resolve({ reused: request.reusedSocket, status: response.statusCode! })),
        );
        request.on('error', reject);
      });
    expect((await get()).status).toBe(200);
    writePair(folder, 'a', await authority.issue({ dns: ['api.test', 'renewed.test'] }));
    await eventually(
      () => namesFor('api.test'),
      (names) => names?.includes('renewed.test') === true,
    );
    expect(await get()).toEqual({ reused: true, status: 200 });
    agent.destroy();
  });

  it('are not taken when they are broken: the one before goes on, and others are read', async () => {
    const before = await namesFor('other.test');
    fs.writeFileSync(path.join(folder, 'b.crt'), 'no certificate');
    writePair(folder, 'c', await authority.issue({ dns: ['new.test'] }));
    await eventually(
      () => namesFor('new.test'),
      (names) => names === 'DNS:new.test',
    );
    expect(await namesFor('other.test')).toBe(before);
    const strangers = await authority.issue({ dns: ['other.test', 'stranger.test'] });
    fs.writeFileSync(path.join(folder, 'b.crt'), strangers.cert);
    await under.gateway.reload();
    expect(await namesFor('other.test')).toBe(before);
    fs.writeFileSync(path.join(folder, 'b.key'), strangers.key);
    await under.gateway.reload();
    expect(await namesFor('other.test')).toContain('stranger.test');
  });
});

describe('a folder without a certificate that can be used', () => {
  it('lets the gateway not start, and says what to do', async () => {
    const empty = makeCertificateFolder({});
    const options = gatewayOptions(under.database, { gatewayId: 'gateway-2', tls: { port: 0, folder: empty } });
    await expect(startGateway(options)).rejects.toMatchObject({ code: 'tls_certificate_missing' });
    fs.rmSync(empty, { recursive: true });
    fs.rmSync(options.journalFolder, { recursive: true });
  });
});
