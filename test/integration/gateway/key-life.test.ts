import { issueCredential, revokeCredential, rotateCredential, summarizePeppers } from '#services';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningGateway, startGateway } from '../../../apps/gateway/src/gateway.server.js';
import { eventually } from '../../support/eventually.js';
import { aCredential, testPeppers } from '../../support/factories.js';
import { type GatewayUnderTest, call, gatewayOptions, startGatewayUnderTest } from '../../support/gateway.js';

const CLI = { kind: 'cli', id: null } as const;

let under: GatewayUnderTest;
let second: RunningGateway;
beforeAll(async () => {
  under = await startGatewayUnderTest();
  under.upstream.answer();
  second = await startGateway(gatewayOptions(under.database, { gatewayId: 'gateway-2' }));
});
afterAll(async () => {
  await second.stop();
  await under.dispose();
});

const statusOf = async (key: string) => (await under.call('/things', { key })).status;
const rotate = (credentialId: string, overlapSeconds: number, overrides: { expiresAt?: Date | null } = {}) =>
  rotateCredential(under.database.context, {
    organizationId: under.consumer.application.organizationId,
    credentialId,
    overlapSeconds,
    peppers: testPeppers,
    actor: CLI,
    ...overrides,
  });

describe('rotating a key', () => {
  it('gives a successor that works at once, while the old key works until the overlap is over', async () => {
    const { database, consumer } = under;
    const { key, credential } = await aCredential(database, {
      application: consumer.application,
      restrictions: { operations: ['listThings'] },
    });
    const rotated = await rotate(credential.id, 3_600);
    await under.sync();
    expect([await statusOf(key), await statusOf(rotated.key)]).toEqual([200, 200]);
    expect((await under.call('/things', { key: rotated.key, method: 'POST' })).status).toBe(403);
    expect(rotated.credential).toMatchObject({ rotatedFromId: credential.id, expiresAt: null, mode: 'live' });
    await expect(rotate(credential.id, 0)).rejects.toMatchObject({ code: 'credential_rotated' });
    database.clock.moveTo(new Date(database.clock.nowMs() + 3_600_000));
    expect([await statusOf(key), await statusOf(rotated.key)]).toEqual([401, 200]);
    await expect(rotate(credential.id, 0)).rejects.toMatchObject({ code: 'credential_not_active' });
  });

  it('without overlap ends the old key at once, and never lets it live longer', async () => {
    const { database, consumer } = under;
    const nowMs = database.clock.nowMs();
    const expiresAt = new Date(nowMs + 60_000);
    const { key, credential } = await aCredential(database, { application: consumer.application, expiresAt });
    const rotated = await rotate(credential.id, 86_400);
    expect(rotated.previous.expiresAt).toEqual(expiresAt);
    expect(rotated.credential.expiresAt).toEqual(expiresAt);
    const again = await rotate(rotated.credential.id, 0, { expiresAt: null });
    await under.sync();
    expect([await statusOf(key), await statusOf(rotated.key), await statusOf(again.key)]).toEqual([200, 401, 200]);
    expect(again.credential.expiresAt).toBeNull();
  });

  it.each([-1, 1.5, 2_592_001])('refuses an overlap of %d seconds', async (overlapSeconds) => {
    await expect(async () => rotate(under.consumer.credential.id, overlapSeconds)).rejects.toMatchObject({
      code: 'overlap_invalid',
    });
  });
});

describe('a revoked key', () => {
  it('is refused by every gateway, and each of them measures how late it learnt of it', async () => {
    const { database, consumer, catalog } = under;
    const { organizationId, id: applicationId } = consumer.application;
    const urls = [under.url, `http://127.0.0.1:${second.port}${catalog.version.basePath}`];
    for (let round = 0; round < 3; round++) {
      const { key, credential } = await issueCredential(database.context, {
        organizationId,
        applicationId,
        name: 'Short-lived',
        mode: 'live',
        expiresAt: null,
        peppers: testPeppers,
        actor: CLI,
      });
      const untilAll = (status: number) =>
        Promise.all(
          urls.map((url) =>
            eventually(
              () => call(`${url}/things`, { key }),
              (answer) => answer.status === status,
            ),
          ),
        );
      await untilAll(200);
      await revokeCredential(database.context, { organizationId, credentialId: credential.id, actor: CLI });
      await untilAll(401);
    }
    for (const { adminPort } of [under.gateway, second]) {
      const { body } = await call(`http://127.0.0.1:${adminPort}/metrics`);
      const changes = Number(/^tollgate_snapshot_change_delay_seconds_count (\d+)$/m.exec(body)![1]);
      expect(changes).toBeGreaterThanOrEqual(6);
    }
  });
});

describe('a pepper that is not among the settings any more', () => {
  it('takes its keys with it, and says how many', async () => {
    const { database, consumer } = under;
    const lost = { id: 'lost', secret: Buffer.alloc(32, 7) };
    const { key } = await aCredential(database, { application: consumer.application, pepper: lost });
    await aCredential(database, { application: consumer.application, pepper: lost, revokedAt: database.clock.now() });
    await under.sync();
    expect(await statusOf(key)).toBe(401);
    const { body } = await call(`http://127.0.0.1:${under.gateway.adminPort}/metrics`);
    expect(body).toMatch(/tollgate_gateway_refusals_total\{[^}]*reason="key_pepper_missing"[^}]*\} 1/);
    const summary = await summarizePeppers(database.context, testPeppers);
    expect(summary).toMatchObject([
      { pepperId: '2', state: 'current' },
      { pepperId: '1', state: 'kept', keys: 0 },
      { pepperId: 'lost', state: 'missing', keys: 2, liveKeys: 1 },
    ]);
    expect(await summarizePeppers(database.context, [...testPeppers, lost])).toMatchObject([
      {},
      {},
      { pepperId: 'lost', state: 'kept', liveKeys: 1 },
    ]);
  });
});
