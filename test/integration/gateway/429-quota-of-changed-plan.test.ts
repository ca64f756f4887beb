import type { QuotaDefinition } from '#domain';
import { appendChange } from '#persistence';
import { changePlan, ingestSegment, overrideSubscription } from '#services';
import { afterEach, expect, it } from 'vitest';
import { aPlanDefinition, aPlanVersion } from '../../support/billing-rows.js';
import { eventually } from '../../support/eventually.js';
import { aConsumer } from '../../support/factories.js';
import { type GatewayUnderTest, startGatewayUnderTest } from '../../support/gateway.js';

let under: GatewayUnderTest;
afterEach(() => under.dispose());

const monthly = (limit: number, enforcement: 'hard' | 'soft' = 'hard'): QuotaDefinition => ({
  name: 'monthly',
  meter: 'requests',
  limit,
  enforcement,
});

async function start(quota: QuotaDefinition): Promise<void> {
  under = await startGatewayUnderTest({ definition: { quotas: [quota] } }, { journal: { maxSegmentAgeMs: 50 } });
}

async function changeTo(quota: QuotaDefinition): Promise<void> {
  const { database, catalog, consumer } = under;
  const { currency } = catalog.planVersion.definition;
  const planVersionId = await aPlanVersion(
    database,
    { apiProductId: catalog.product.id },
    aPlanDefinition({ currency, quotas: [quota] }),
  );
  await database.unitOfWork.inSystem((transaction) =>
    appendChange(transaction, 'catalog', catalog.product.id, database.clock.now()),
  );
  const { organizationId, id: subscriptionId } = consumer.subscription;
  const actor = { kind: 'cli', id: null } as const;
  const input = { organizationId, subscriptionId, planVersionId, when: 'now', paymentProvider: null, actor } as const;
  database.clock.moveTo(database.clock.nowMs() + 1_000);
  await changePlan(database.context, input);
  await under.sync();
}

const call = async (count: number) => {
  const statuses: number[] = [];
  for (let index = 0; index < count; index++) statuses.push((await under.call('/things')).status);
  return statuses;
};

it('carries what was used over to a higher limit, at once, and then refuses at that', async () => {
  await start(monthly(3));
  expect(await call(4)).toEqual([200, 200, 200, 429]);
  await changeTo(monthly(5));
  expect(await call(4)).toEqual([200, 200, 429, 429]);
});

it('carries what was used over to a lower limit, whatever was lent under the higher one', async () => {
  await start(monthly(10_000));
  expect(await call(3)).toEqual([200, 200, 200]);
  await changeTo(monthly(4));
  expect(await call(3)).toEqual([200, 429, 429]);
});

it('counts what was used before there was a hard limit, once the ledger has it all', async () => {
  await start(monthly(3, 'soft'));
  expect(await call(5)).toEqual([200, 200, 200, 200, 200]);
  await changeTo(monthly(7));
  // As long as the worker has not brought them into the ledger, nothing more may be spent.
  expect(await call(3)).toEqual([429, 429, 429]);
  expect((await under.call('/things')).json()).toMatchObject({ code: 'quota_reserved' });
  const ingested: Promise<unknown>[] = [];
  const ingesting = setInterval(() => {
    for (const job of under.queue.jobs.splice(0)) ingested.push(ingestSegment(under.database.context, job));
  }, 20);
  try {
    let served = 0;
    await eventually(
      async () => {
        const answer = await under.call('/things');
        if (answer.status === 200) served++;
        return (JSON.parse(answer.body) as { code?: string }).code;
      },
      (code) => code === 'quota_exceeded',
    );
    expect(served).toBe(2);
  } finally {
    clearInterval(ingesting);
    await Promise.all(ingested);
  }
});

it('holds one subscription to the terms that it alone has, and others to those of the plan', async () => {
  await start(monthly(3));
  expect(await call(4)).toEqual([200, 200, 200, 429]);
  const { database, catalog, consumer } = under;
  const other = await aConsumer(database, catalog);
  database.clock.moveTo(database.clock.nowMs() + 1_000);
  await overrideSubscription(database.context, {
    subscriptionId: consumer.subscription.id,
    publisherUserId: null,
    terms: { quotas: [monthly(5)], rateLimits: [{ name: 'burst', limit: 1000, windowSeconds: 1 }] },
    when: 'now',
    reason: 'agreed by mail',
    actor: { kind: 'cli', id: null },
  });
  await under.sync();
  const { headers } = await under.call('/things');
  expect(headers['ratelimit-policy']).toMatch(/^"burst";q=1000;w=1, "monthly";q=5;/);
  expect(await call(2)).toEqual([200, 429]);
  expect((await under.call('/things', { key: other.key })).headers['ratelimit-policy']).toMatch(/^"monthly";q=3;/);
});
