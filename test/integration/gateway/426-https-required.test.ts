import fs from 'node:fs';
import http from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AddressRanges } from '#domain';
import { TestAuthority, makeCertificateFolder } from '../../support/certificates.js';
import { type GatewayUnderTest, call, startGatewayUnderTest } from '../../support/gateway.js';
import { callTls } from '../../support/tls-client.js';

let folder: string;
let under: GatewayUnderTest;
beforeAll(async () => {
  const authority = await TestAuthority.create();
  folder = makeCertificateFolder({ a: await authority.issue({ dns: ['api.test'] }) });
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

describe.each(['refuse', 'redirect'] as const)(
  'an API version that wants HTTPS, with plain HTTP set to %s',
  (plainHttp) => {
    beforeAll(async () => {
      const policies = { transport: { plainHttp, httpsPort: plainHttp === 'refuse' ? 443 : 8443 } };
      const trustedForwarding = { proxies: AddressRanges.of(['127.0.0.2']), header: 'x-forwarded-for' as const };
      under = await startGatewayUnderTest({ version: { policies } }, { tls: { port: 0, folder }, trustedForwarding });
    });
    afterAll(() => under.dispose());

    it('serves it over HTTPS', async () => {
      const url = `https://127.0.0.1:${under.gateway.tlsPort}${under.catalog.version.basePath}/things`;
      for (const protocol of ['http/1.1', 'h2'] as const) {
        const answer = await callTls(url, { protocol, tls: { rejectUnauthorized: false }, key: under.consumer.key });
        expect(answer.status).toBe(200);
      }
    });

    it('serves it to one of our proxies that was called by HTTPS', async () => {
      const agent = new http.Agent({ localAddress: '127.0.0.2' });
      const secure = await under.call('/things', { agent, headers: { 'x-forwarded-proto': 'https' } });
      const plain = await under.call('/things', { agent, headers: { 'x-forwarded-proto': 'http' } });
      expect(secure.status).toBe(200);
      expect(plain.json()).toMatchObject({ code: 'https_required' });
    });

    it('does not serve it over HTTP, whatever the caller says of itself, and does not look at the key', async () => {
      under.upstream.requests.length = 0;
      for (const key of [under.consumer.key, 'nonsense']) {
        const answer = await call(`${under.url}/things?a=b`, {
          key,
          headers: { 'x-forwarded-proto': 'https', host: 'api.test:80' },
        });
        expect(answer.json()).toMatchObject({ code: 'https_required' });
        if (plainHttp === 'refuse') {
          expect(answer.status).toBe(426);
          expect(answer.headers.upgrade).toContain('TLS/1.2');
        } else {
          expect(answer.status).toBe(308);
          expect(answer.headers.location).toBe(`https://api.test:8443${under.catalog.version.basePath}/things?a=b`);
        }
      }
      expect(under.upstream.requests).toEqual([]);
    });
  },
);
