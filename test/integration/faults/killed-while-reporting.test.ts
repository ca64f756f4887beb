import { METERED_FAULT_POINTS } from '#faults';
import { migrateQueueSchema } from '#queues';
import { createSetupSession, keepMeteredSubscriptions } from '#services';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SubscriptionRow, aPlanDefinition, aSubscription, addUsage } from '../../support/billing-rows.js';
import { cards, collectionProvider } from '../../support/collection.js';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';
import { eventually } from '../../support/eventually.js';
import { workerEnvironment } from '../../support/running-worker.js';
import { type TestSandbox, aSandbox } from '../../support/stripe-sandbox/sandbox-client.js';
import { WorkerProcess } from '../../support/worker-process.js';

const HOUR = 3_600_000;
/** Longer than a worker keeps the right to report. */
const CLAIM_ENDS_MS = 121_000;
const kills = METERED_FAULT_POINTS.flatMap((point) => ['before', 'after'].map((moment) => `${point}.${moment}:kill`));

describe('a worker that is killed while it reports usage', () => {
  let database: TestDatabase;
  let sandbox: TestSandbox;
  let subscription: SubscriptionRow;
  let aheadMs = -48 * HOUR;
  let used = 0;
  let amount = 1_000;
  beforeAll(async () => {
    database = await createTestDatabase(new Date(Date.now() + aheadMs).toISOString());
    await migrateQueueSchema(database.ownerUrl);
    sandbox = await aSandbox({ clock: { nowMs: () => Date.now() + aheadMs } });
    const price = { model: 'per_unit', unitAmount: '0.01' } as const;
    subscription = await aSubscription(database, {
      definition: aPlanDefinition({ rating: 'stripe', prices: [{ meter: 'requests', included: '0', price }] }),
    });
    const provider = collectionProvider(sandbox.running.url);
    const session = await createSetupSession(database.context, provider, {
      organizationId: subscription.organizationId,
      returnUrl: 'http://127.0.0.1/billing',
    });
    const body = new URLSearchParams({ number: cards.good, expiry: '12/40', cvc: '123', name: '' });
    await fetch(session.url, { method: 'POST', body, redirect: 'manual' });
    expect(await keepMeteredSubscriptions(database.context, provider)).toMatchObject({ changed: 1, failures: [] });
    await pass(48 * HOUR);
  });
  afterAll(async () => {
    await sandbox?.[Symbol.asyncDispose]();
    await database?.dispose();
  });

  /** Lets time pass here and at Stripe. */
  async function pass(ms: number): Promise<void> {
    aheadMs += ms;
    database.clock.moveTo(Date.now() + aheadMs);
    await database.dataSource.query('UPDATE clock_offset SET offset_ms = $1', [aheadMs]);
  }
  const rows = <Row>(sql: string) => database.unitOfWork.inSystem((transaction) => transaction.query<Row>(sql));
  const waiting = async () => {
    const [row] = await rows<{ count: number; told: number }>(
      `SELECT count(*) FILTER (WHERE state <> 'counted')::integer AS count, coalesce(sum(quantity), 0)::integer AS told FROM metered_usage`,
    );
    return { ...row! };
  };
  const environment = () => ({ STRIPE_API_BASE: sandbox.running.url });
  /** What Stripe has counted of all time. */
  const counted = async () => {
    const [row] = await rows<{ prices: Record<string, { providerMeterId: string }>; customer: string; start: Date }>(
      `SELECT prices, provider_customer_id AS customer, started_at AS start FROM metered_subscription`,
    );
    const { prices, customer, start } = row!;
    return collectionProvider(sandbox.running.url).metered.readUsage({
      providerMeterId: prices['requests']!.providerMeterId,
      providerCustomerId: customer,
      startMs: Math.floor(start.getTime() / 60_000) * 60_000,
      endMs: Math.ceil((Date.now() + aheadMs) / 60_000) * 60_000,
    });
  };

  it.each(kills)('reports each amount exactly once: %s', async (fault) => {
    // Three reports wait, the fault comes with the second of them; what is made once for all of them has it at once.
    for (const hours of [3, 4, 5]) {
      const quantity = ++amount;
      await addUsage(database, subscription, {
        at: new Date(subscription.anchorAt.getTime() + hours * HOUR),
        quantity: String(quantity),
      });
      used += quantity;
    }
    const time = /^usage-(try|report|count)\./.test(fault) ? 2 : 1;
    const killed = WorkerProcess.spawn({ ...workerEnvironment(database), ...environment(), FAULT: `${fault}@${time}` });
    const tooLate = setTimeout(() => void killed.end('SIGTERM'), 40_000);
    expect(await killed.ended()).toBe('SIGKILL');
    clearTimeout(tooLate);
    await pass(CLAIM_ENDS_MS);
    const next = await WorkerProcess.start(database, environment());
    try {
      await eventually(waiting, ({ count, told }) => count === 0 && told === used, 40_000);
    } finally {
      // It lets go of the right to report.
      await next.end('SIGTERM');
    }
    expect(await eventually(counted, (sum) => sum === String(used))).toBe(String(used));
  });
});
