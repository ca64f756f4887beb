import { ingestSegment, setMoneyCap } from '#services';
import { afterEach, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.js';
import { type GatewayUnderTest, startGatewayUnderTest } from '../../support/gateway.js';

let under: GatewayUnderTest;
afterEach(() => under.dispose());

async function start(): Promise<void> {
  const price = { model: 'per_unit', unitAmount: '1' } as const;
  under = await startGatewayUnderTest(
    { definition: { prices: [{ meter: 'requests', included: '0', price }] } },
    { journal: { maxSegmentAgeMs: 50 } },
  );
}

async function cap(amount: string): Promise<void> {
  const { organizationId, id: subscriptionId } = under.consumer.subscription;
  const actor = { kind: 'user', id: 'owner' } as const;
  await setMoneyCap(under.database.context, { organizationId, subscriptionId, amount, actor });
  await under.sync();
}

async function callUntilCapped(): Promise<number> {
  let served = 0;
  await eventually(
    async () => {
      const { status } = await under.call('/things');
      if (status === 200) served++;
      return status;
    },
    (status) => status === 402,
  );
  return served;
}

it('counts calls of the moments before that are in the journal and not in the ledger yet', async () => {
  await start();
  for (let count = 0; count < 5; count++) expect((await under.call('/things')).status).toBe(200);
  await cap('7.00');
  // As long as the worker has not brought them into the ledger, nothing more may be spent.
  for (let count = 0; count < 6; count++) {
    const answer = await under.call('/things');
    expect(answer.status).toBe(429);
    expect(answer.json()).toMatchObject({ code: 'quota_reserved' });
  }
  const ingested: Promise<unknown>[] = [];
  const ingesting = setInterval(() => {
    for (const job of under.queue.jobs.splice(0)) ingested.push(ingestSegment(under.database.context, job));
  }, 20);
  try {
    expect(await callUntilCapped()).toBe(2);
  } finally {
    clearInterval(ingesting);
    await Promise.all(ingested);
  }
});

it('waits a moment for calls that are under way, and not for those that take long', async () => {
  await start();
  const reached = Promise.withResolvers<() => void>();
  under.upstream.handle((_request, response) => reached.resolve(() => response.end('{}')));
  const open = under.call('/things');
  const answer = await reached.promise;
  under.upstream.answer();
  await cap('3.00');
  expect((await under.call('/things')).status).toBe(429);
  await eventually(
    () => {
      under.database.clock.moveTo(under.database.clock.nowMs() + 500);
      return under.call('/things');
    },
    ({ status }) => status === 200,
  );
  answer();
  expect((await open).status).toBe(200);
});
