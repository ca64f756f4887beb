import fs from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { startGateway } from '../../../apps/gateway/src/gateway.server.js';
import { type GatewayUnderTest, call, gatewayOptions, startGatewayUnderTest } from '../../support/gateway.js';
import { eventually } from '../../support/eventually.js';

const day = 86_400;
let under: GatewayUnderTest;
afterEach(() => under.dispose());

const withQuota = (limit: number, enforcement: 'hard' | 'soft' = 'hard') =>
  startGatewayUnderTest({ definition: { quotas: [{ name: 'monthly', meter: 'requests', limit, enforcement }] } });

const countByCode = (answers: readonly { status: number; body: string }[]) => {
  const counts: Record<string, number> = {};
  for (const { status, body } of answers) {
    const code = status === 200 ? 'ok' : (JSON.parse(body) as { code: string }).code;
    counts[code] = (counts[code] ?? 0) + 1;
  }
  return counts;
};

async function readLeases() {
  const [row] = await under.database.unitOfWork.inSystem((transaction) =>
    transaction.query<{ used: string; open: string }>(
      'SELECT coalesce(sum(used), 0) AS used, count(*) FILTER (WHERE used IS NULL) AS open FROM quota_lease',
    ),
  );
  return { used: Number(row!.used), open: Number(row!.open) };
}

describe('a hard quota', () => {
  it('admits exactly its number, then refuses until the next period begins', async () => {
    under = await withQuota(7);
    for (let remaining = 6; remaining >= 0; remaining--) {
      const answer = await under.call('/things');
      expect(answer.headers['ratelimit']).toBe(`"monthly";r=${remaining};t=${30 * day}`);
    }
    const answer = await under.call('/things');
    expect(answer.status).toBe(429);
    expect(answer.headers).toMatchObject({ 'retry-after': String(30 * day), ratelimit: `"monthly";r=0;t=${30 * day}` });
    expect(answer.json()).toMatchObject({
      code: 'quota_exceeded',
      'violated-policies': ['monthly'],
      upgrade_url: `https://portal.test/products/${under.catalog.product.slug}`,
    });
    under.database.clock.moveTo('2026-12-22T11:59:59.999Z');
    expect((await under.call('/things')).headers['retry-after']).toBe('1');
    under.database.clock.moveTo('2026-12-22T12:00:00Z');
    expect((await under.call('/things')).headers['ratelimit']).toBe(`"monthly";r=6;t=${31 * day}`);
    await eventually(readLeases, ({ used, open }) => used === 7 && open === 1);
  });

  it('is named by a refusal, also beside others that have units left or are of other calls', async () => {
    const hard = { enforcement: 'hard' as const };
    under = await startGatewayUnderTest({
      meters: [
        { slug: 'requests' },
        { slug: 'writes', bindings: [{ selector: 'createThing', weight: '1' }] },
        { slug: 'reads', bindings: [{ selector: 'listThings', weight: '1' }] },
      ],
      definition: {
        quotas: [
          { name: 'all writes', meter: 'writes', limit: 1, ...hard },
          { name: 'all reads', meter: 'reads', limit: 2, ...hard },
          { name: 'monthly', meter: 'requests', limit: 100, ...hard },
        ],
      },
    });
    await under.call('/things');
    await under.call('/things');
    expect((await under.call('/things')).json()).toMatchObject({ 'violated-policies': ['all reads'] });
  });

  it('is not used by requests that do not count', async () => {
    under = await withQuota(2);
    under.upstream.answer(500);
    for (let attempt = 0; attempt < 6; attempt++) expect((await under.call('/things')).status).toBe(500);
    under.upstream.answer(200);
    expect((await under.call('/things')).status).toBe(200);
    expect((await under.call('/things')).status).toBe(200);
    expect((await under.call('/things')).status).toBe(429);
  });

  it('holds for many requests at once; what is reserved says so and comes back within a second', async () => {
    under = await withQuota(20);
    const answers = await Promise.all(Array.from({ length: 80 }, () => under.call('/things')));
    const counts = countByCode(answers);
    expect(counts['ok']).toBe(20);
    expect((counts['quota_exceeded'] ?? 0) + (counts['quota_reserved'] ?? 0)).toBe(60);
    const later = await eventually(
      () => under.call('/things'),
      ({ body }) => body.includes('quota_exceeded'),
    );
    expect(later.status).toBe(429);
    expect((await under.events()).filter(({ countsToQuota }) => countsToQuota)).toHaveLength(20);
  });

  it('is never exceeded by two gateways together, and idle units go to the one that asks', async () => {
    under = await withQuota(100);
    const { database, catalog, consumer } = under;
    const options = gatewayOptions(database, { gatewayId: 'gateway-2' });
    const second = await startGateway(options);
    const other = `http://127.0.0.1:${second.port}${catalog.version.basePath}/things`;
    try {
      await under.call('/things');
      const answers = await eventually(
        async () => Promise.all(Array.from({ length: 30 }, () => call(other, { key: consumer.key }))),
        (latest) => latest.every(({ body }) => body.includes('quota_exceeded')),
      );
      expect(countByCode(answers)).toEqual({ quota_exceeded: 30 });
      expect((await under.call('/things')).status).toBe(429);
    } finally {
      await second.stop();
      fs.rmSync(options.journalFolder, { recursive: true, force: true });
    }
    await under.gateway.stop();
    expect(await readLeases()).toEqual({ used: 100, open: 0 });
  });

  it('gives unused units back when the gateway stops', async () => {
    under = await withQuota(1_000);
    await under.call('/things');
    await under.gateway.stop();
    expect(await readLeases()).toEqual({ used: 1, open: 0 });
  });
});

describe('a soft quota', () => {
  it('is counted and never refuses', async () => {
    under = await withQuota(2, 'soft');
    for (let attempt = 0; attempt < 4; attempt++) {
      const { status, headers } = await under.call('/things');
      expect(status).toBe(200);
      expect(headers['ratelimit-policy']).toBe(`"monthly";q=2;w=${30 * day}`);
      expect(headers).not.toHaveProperty('ratelimit');
    }
    expect(await under.events()).toHaveLength(4);
  });
});
