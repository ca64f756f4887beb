import type { TLSSocket } from 'node:tls';
import { CLIENT_KEY_PURPOSE, type UpstreamTls, sealSecret } from '#domain';
import { insertSecret } from '#persistence';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CertificatePair, TestAuthority } from '../../support/certificates.js';
import { aCredential } from '../../support/factories.js';
import { type GatewayUnderTest, startGatewayUnderTest } from '../../support/gateway.js';
import { type SecureUpstream, startSecureUpstream } from '../../support/secure-upstream.js';
import { pointUpstreamAt } from '../../support/upstream-place.js';

const ring = [{ id: '1', secret: Buffer.alloc(32, 9) }];
let under: GatewayUnderTest;
let authority: TestAuthority;
let stranger: TestAuthority;
let client: CertificatePair;
let plain: SecureUpstream;
let strict: SecureUpstream;
beforeAll(async () => {
  authority = await TestAuthority.create();
  stranger = await TestAuthority.create('Stranger');
  client = await authority.issue({ subject: 'CN=gateway', dns: ['gateway.test'] });
  const server = await authority.issue({ dns: ['localhost'] });
  plain = await startSecureUpstream('https', server);
  strict = await startSecureUpstream('https', { ...server, ca: authority.pem, requestCert: true });
  strict.handle((request, response) => response.end((request.socket as TLSSocket).getPeerCertificate().subject.CN));
  under = await startGatewayUnderTest();
});
afterAll(async () => {
  await under.dispose();
  await plain.close();
  await strict.close();
});

const point = (upstream: SecureUpstream, tls?: UpstreamTls, on = under) =>
  pointUpstreamAt(on, { url: upstream.url, ...(tls && { tls }) });

async function setClientKey(key: string): Promise<void> {
  const { database, catalog } = under;
  const id = database.context.ids.next();
  const sealed = sealSecret(key, CLIENT_KEY_PURPOSE, ring, database.context.fillRandom);
  await database.unitOfWork.inSystem(async (transaction) => {
    await insertSecret(transaction, { id, purpose: CLIENT_KEY_PURPOSE, ...sealed }, database.clock.now());
    const sql = 'UPDATE api_version SET client_key_secret_id = $2 WHERE id = $1';
    await transaction.query(sql, [catalog.version.id, id]);
  });
}

async function expectRefused(on = under): Promise<void> {
  const answer = await on.call('/things');
  expect(answer.status).toBe(502);
  expect(answer.json()).toMatchObject({ code: 'upstream_refused' });
  const event = await on.eventOf(answer.headers['tollgate-request-id']);
  expect(event).toMatchObject({ outcome: 'upstream_refused', billable: false });
}

describe('an https upstream', () => {
  it('is called when its certificate is of the authorities that are named', async () => {
    await point(plain, { verify: true, ca: `${stranger.pem}\n${authority.pem}` });
    expect(await under.call('/things')).toMatchObject({ status: 200, body: 'ok' });
  });

  it('is not called when its certificate is of others, or for another name: 502', async () => {
    await point(plain);
    await expectRefused();
    await point(plain, { verify: true, ca: stranger.pem });
    await expectRefused();
    await pointUpstreamAt(under, {
      url: plain.url.replace('localhost', '127.0.0.1'),
      tls: { verify: true, ca: authority.pem },
    });
    await expectRefused();
  });

  it('may have any certificate only where version and operator both say so', async () => {
    await point(plain, { verify: false });
    await expectRefused();
    const careless = await startGatewayUnderTest({}, { allowsUnverifiedUpstreams: true });
    await point(plain, undefined, careless);
    await expectRefused(careless);
    await point(plain, { verify: false }, careless);
    expect((await careless.call('/things')).status).toBe(200);
    await careless.dispose();
  });

  it('that asks for a certificate is shown the client certificate, whose key is sealed, and nothing without one', async () => {
    await point(strict, { verify: true, ca: authority.pem });
    const without = await under.call('/things');
    expect(without.status).toBe(502);
    await setClientKey(client.key);
    await point(strict, { verify: true, ca: authority.pem, clientCertificate: client.cert });
    expect(await under.call('/things')).toMatchObject({ status: 200, body: 'gateway' });
  });

  it('may be that of test keys, with authorities of its own', async () => {
    const { database, catalog } = under;
    const { key } = await aCredential(database, { application: under.consumer.application, mode: 'test' });
    const testUpstream = { ...catalog.version.upstream, url: plain.url, tls: { verify: true, ca: authority.pem } };
    await database.unitOfWork.inSystem(async (transaction) => {
      const sql = 'UPDATE api_version SET policies = $2 WHERE id = $1';
      await transaction.query(sql, [catalog.version.id, { testUpstream }]);
    });
    await point(strict, { verify: true, ca: authority.pem, clientCertificate: client.cert });
    expect(await under.call('/things', { key })).toMatchObject({ status: 200, body: 'ok' });
    expect(await under.call('/things')).toMatchObject({ status: 200, body: 'gateway' });
  });

  it('closes the API while the key does not open', async () => {
    const wrong = [{ id: '7', secret: Buffer.alloc(32, 7) }];
    const { database, catalog } = under;
    const sealed = sealSecret(client.key, CLIENT_KEY_PURPOSE, wrong, database.context.fillRandom);
    await database.unitOfWork.inSystem((transaction) =>
      transaction.query(
        `UPDATE secret SET key_id = '7', nonce = $2, ciphertext = $3
         WHERE id = (SELECT client_key_secret_id FROM api_version WHERE id = $1)`,
        [catalog.version.id, sealed.nonce, sealed.ciphertext],
      ),
    );
    await point(strict, { verify: true, ca: authority.pem, clientCertificate: client.cert });
    expect((await under.call('/things')).json()).toMatchObject({ status: 503, code: 'api_unavailable' });
  });
});
