import fs from 'node:fs';
import { Big } from 'big.js';
import { type MeterPrice, addDecimals, formatMinor, ratePlan } from '#domain';
import { proposeCredits, reportUsage, setMoneyCap } from '#services';
import { afterEach, describe, expect, it } from 'vitest';
import { startGateway } from '../../../apps/gateway/src/gateway.server.js';
import type { CatalogOptions } from '../../support/factories.js';
import {
  type Answer,
  type GatewayUnderTest,
  call,
  gatewayOptions,
  readJournal,
  startGatewayUnderTest,
} from '../../support/gateway.js';
import { eventually } from '../../support/eventually.js';

let under: GatewayUnderTest;
afterEach(() => under.dispose());

const perUnit = (meter: string, unitAmount: string, included = '0'): MeterPrice => ({
  meter,
  included,
  price: { model: 'per_unit', unitAmount },
});

async function start(options: Partial<CatalogOptions>, capMinor: bigint): Promise<void> {
  under = await startGatewayUnderTest(options);
  await cap(capMinor);
}

async function cap(capMinor: bigint | null): Promise<void> {
  const { organizationId, id: subscriptionId } = under.consumer.subscription;
  const actor = { kind: 'user', id: 'owner' } as const;
  const amount = capMinor === null ? null : formatMinor(capMinor, 'USD');
  await setMoneyCap(under.database.context, { organizationId, subscriptionId, amount, actor });
  await under.sync();
}

const codeOf = ({ status, body }: Answer) => (status === 200 ? 'ok' : (JSON.parse(body) as { code: string }).code);

/** Σ of the rounded usage lines of what the journals say is billable. */
async function usageCharges(folders: readonly string[]): Promise<bigint> {
  const events = (await Promise.all(folders.map(readJournal))).flat();
  const usage: Record<string, string> = {};
  for (const { quantities, billable } of events) {
    if (!billable) continue;
    for (const [meter, quantity] of Object.entries(quantities)) {
      usage[meter] = addDecimals(usage[meter] ?? '0', quantity);
    }
  }
  const { definition } = under.catalog.planVersion;
  const { lines } = ratePlan({ definition, period: { startMs: 0, endMs: 1 }, usage });
  return lines.reduce((sum, { kind, amountMinor }) => (kind === 'usage' ? sum + amountMinor : sum), 0n);
}

/** Calls until the cap is said to be reached, whatever is reserved in between. */
async function callUntilCapped(place = '/things'): Promise<{ served: number; last: Answer }> {
  let served = 0;
  const last = await eventually(
    async () => {
      const answer = await under.call(place);
      if (answer.status === 200) served++;
      return answer;
    },
    (answer) => answer.status === 402,
  );
  return { served, last };
}

describe('a plan that stops with its prepaid credits', () => {
  it('lets pass just what they pay, and more once there are more', async () => {
    under = await startGatewayUnderTest({
      definition: { prices: [perUnit('requests', '0.30')], whenCreditsRunOut: 'stop' },
    });
    const { organizationId } = under.consumer.subscription;
    const give = (amountMinor: bigint) =>
      proposeCredits(under.database.context, {
        organizationId,
        currency: 'USD',
        amountMinor,
        reason: 'Welcome',
        limit: 100,
        actor: { kind: 'system', id: null },
      });
    expect(codeOf(await under.call('/things'))).toBe('money_cap_reached');
    await give(100n);
    const pass = () =>
      eventually(
        () => under.call('/things'),
        ({ status }) => status === 200,
      );
    await pass();
    expect((await callUntilCapped()).served).toBe(2);
    await give(25n);
    await pass();
    expect((await callUntilCapped()).served).toBe(0);
  });
});

describe('a money cap', () => {
  it('is what is told of, and not a quota of the plan that has units left', async () => {
    const quotas = [{ name: 'monthly', meter: 'requests', limit: 100, enforcement: 'hard' as const }];
    await start({ definition: { prices: [perUnit('requests', '0.30')], quotas } }, 100n);
    const { served, last } = await callUntilCapped();
    expect(served).toBe(3);
    expect(last.json()).toMatchObject({
      code: 'money_cap_reached',
      action_url: 'https://portal.test/dashboard/billing',
    });
    expect(last.headers['ratelimit']).toMatch(/^"monthly";r=97;/);
  });

  it('lets pass just what costs no more, and then says where it can be raised', async () => {
    await start({ definition: { prices: [perUnit('requests', '0.30')] } }, 100n);
    const { served, last } = await callUntilCapped();
    expect(served).toBe(3);
    expect(last.json()).toMatchObject({
      code: 'money_cap_reached',
      action_url: 'https://portal.test/dashboard/billing',
    });
    await cap(120n);
    await eventually(
      () => under.call('/things'),
      ({ status }) => status === 200,
    );
    expect((await callUntilCapped()).served).toBe(0);
    expect(await usageCharges([under.folder])).toBe(120n);
  });

  it('counts the units that are included as free', async () => {
    await start({ definition: { prices: [perUnit('requests', '1', '5')] } }, 0n);
    expect((await callUntilCapped()).served).toBe(5);
    expect(await usageCharges([under.folder])).toBe(0n);
  });

  it('is not used by calls that are not billed, though they count into quotas', async () => {
    await start({ definition: { prices: [perUnit('requests', '1')] } }, 100n);
    under.upstream.answer(404, '{}');
    // The first ones may come before the cap is open.
    for (let attempt = 0; attempt < 4; attempt++) {
      await eventually(
        () => under.call('/things'),
        ({ status }) => status === 404,
      );
    }
    under.upstream.answer();
    expect((await under.call('/things')).status).toBe(200);
    expect((await callUntilCapped()).served).toBe(0);
  });

  it('counts what was used before it was set, and lets everything pass when it is removed', async () => {
    under = await startGatewayUnderTest({ definition: { prices: [perUnit('requests', '1')] } });
    await under.database.unitOfWork.inSystem(async (transaction) => {
      const { subscription, phase, application, credential } = under.consumer;
      const start = subscription.anchorAt;
      await transaction.query(
        `INSERT INTO usage_hour (organization_id, application_id, credential_id, subscription_id, phase_id, plan_version_id,
           mode, period_start, settles_in, api_product_id, meter, hour_at, status_class, billable, counts_to_quota,
           event_count, quantity_sum)
         VALUES ($1, $2, $3, $4, $5, $6, 'live', $7, $7, $8, 'requests', date_bin('1 hour', $7, 'epoch'), 2, true, true, 3, 3)`,
        [
          subscription.organizationId,
          application.id,
          credential.id,
          subscription.id,
          phase.id,
          phase.planVersionId,
          start,
          under.catalog.product.id,
        ],
      );
    });
    await cap(500n);
    expect((await callUntilCapped()).served).toBe(2);
    await cap(null);
    expect((await under.call('/things')).status).toBe(200);
  });

  it('has less room for calls by what was reported, once, and refuses no report', async () => {
    await start({ definition: { prices: [perUnit('requests', '1')] } }, 500n);
    await eventually(
      () => under.call('/things'),
      ({ status }) => status === 200,
    );
    const { database, catalog, consumer } = under;
    const report = (id: string, requests: string, billable = true) =>
      reportUsage(database.context, {
        publisherTeamId: catalog.product.publisherTeamId,
        ingestTokenId: database.context.ids.next(),
        events: [
          {
            specversion: '1.0',
            type: 'tollgate.usage',
            source: 'batch',
            id,
            subject: consumer.subscription.id,
            data: { quantities: { requests }, billable },
          },
        ],
      });
    for (let time = 0; time < 2; time++) await report('1', '1.5');
    await report('2', '9', false);
    expect((await callUntilCapped()).served).toBe(2);
    // More than a lease holds of anything.
    expect(await report('3', '999999999999999')).toMatchObject({ accepted: 1 });
    expect((await callUntilCapped()).served).toBe(0);
  });

  it('is refused below what the plan commits to, and for the subscriptions of others', async () => {
    await start({ definition: { prices: [{ ...perUnit('requests', '1'), minimumAmount: '4.01' }] } }, 500n);
    const { organizationId, id: subscriptionId } = under.consumer.subscription;
    const actor = { kind: 'user', id: 'owner' } as const;
    const input = { organizationId, subscriptionId, amount: '4.00', actor };
    await expect(setMoneyCap(under.database.context, input)).rejects.toMatchObject({
      code: 'money_cap_below_commitment',
      message: 'The plan commits the subscription to $4.01 of usage a month. Choose no lower cap.',
    });
    const foreign = { ...input, organizationId: under.database.context.ids.next() };
    await expect(setMoneyCap(under.database.context, foreign)).rejects.toMatchObject({
      code: 'subscription_not_found',
    });
    const rows = await under.database.unitOfWork.inSystem((transaction) =>
      transaction.query(`SELECT action, details FROM audit_log WHERE noun = 'subscription'`),
    );
    expect(rows).toEqual([{ action: 'capped', details: { from: null, to: '500', currency: 'USD' } }]);
  });

  it.each<[string, Partial<CatalogOptions>, bigint, bigint]>([
    ['one meter', { definition: { prices: [perUnit('requests', '0.07', '10')] } }, 1_000n, 7n],
    [
      'meters that share it, one of them with a price that changes by tiers',
      {
        meters: [
          { slug: 'requests', bindings: [{ selector: '*', weight: '1' }] },
          { slug: 'units', title: 'Units', unit: 'unit', bindings: [{ selector: '*', weight: '2.5' }] },
        ],
        definition: {
          prices: [
            perUnit('requests', '0.035'),
            {
              meter: 'units',
              included: '20',
              price: {
                model: 'graduated',
                tiers: [
                  { upTo: '100', unitAmount: '0.03', flatAmount: '0.5' },
                  { upTo: null, unitAmount: '0.01', flatAmount: '0' },
                ],
              },
            },
          ],
        },
      },
      700n,
      12n,
    ],
  ])(
    'is never exceeded by two gateways at 64 calls each, and reached: %s',
    async (_, options, capMinor, dearest) => {
      await start(options, capMinor);
      const { database, catalog, consumer } = under;
      const secondOptions = gatewayOptions(database, { gatewayId: 'gateway-2' });
      const second = await startGateway(secondOptions);
      const urls = [`${under.url}/things`, `http://127.0.0.1:${second.port}${catalog.version.basePath}/things`];
      const folders = [under.folder, secondOptions.journalFolder];
      try {
        let isCapped = false;
        const seen = new Set<string>();
        await Promise.all(
          urls.flatMap((url) =>
            Array.from({ length: 64 }, async () => {
              const deadline = performance.now() + 20_000;
              while (!isCapped && performance.now() < deadline) {
                const answer = await call(url, { key: consumer.key });
                seen.add(codeOf(answer));
                if (answer.status === 402) isCapped = true;
              }
            }),
          ),
        );
        // What others had reserved may have come back since.
        for (const url of urls) {
          await eventually(
            () => call(url, { key: consumer.key }),
            ({ status }) => status === 402,
          );
        }
        const charges = await usageCharges(folders);
        expect(charges).toBeLessThanOrEqual(capMinor);
        expect(charges).toBeGreaterThan(capMinor - dearest);
        const expected = ['ok', 'money_cap_reached', 'quota_reserved', 'quota_unavailable'];
        expect([...seen].filter((code) => !expected.includes(code))).toEqual([]);
      } finally {
        await second.stop();
        fs.rmSync(secondOptions.journalFolder, { recursive: true, force: true });
      }
      await under.gateway.stop();
      const [row] = await database.unitOfWork.inSystem((transaction) =>
        transaction.query<{ open: number; used: string }>(
          `SELECT count(*) FILTER (WHERE settled_at IS NULL)::integer AS open, sum(used_micro) AS used
         FROM money_lease WHERE meter = 'requests'`,
        ),
      );
      const events = (await readJournal(under.folder)).filter(({ billable }) => billable).length;
      expect(row!.open).toBe(0);
      expect(new Big(row!.used).div(1e6).gte(events)).toBe(true);
    },
    60_000,
  );
});
