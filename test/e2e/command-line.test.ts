import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withClient } from '../../scripts/launcher/database.mjs';
import { Installation, eventually } from '../support/installation.js';
import { SampleApi } from '../support/sample-api.js';

interface Difference {
  readonly row: string;
  readonly expected: string;
  readonly actual: string;
  readonly message: string;
}

interface Report {
  readonly ok: boolean;
  readonly checks: readonly {
    readonly name: string;
    readonly ok: boolean;
    readonly checked: number;
    readonly difference: Difference | null;
  }[];
}

const CALLS = 1_250;
/** Of a plan whose usage Stripe rates: 7.00 fixed, 2 calls included and 8 at 0.33 make 9.64. */
const METERED_CALLS = 10;
const METERED_TOTAL_MINOR = '964';
/** 29.00 fixed; 100 of the calls are included, 1,000 cost 0.01 and 150 cost 0.005: 10.75. */
const TOTAL_MINOR = '3975';

describe('the main job at the command line', () => {
  let installation: Installation;
  let api: SampleApi;
  let key: string;
  let requestIds: string[];

  beforeAll(async () => {
    installation = await Installation.start();
    api = await SampleApi.publish(
      installation,
      {
        fixedFee: '29.00',
        included: '100',
        price: {
          model: 'graduated',
          tiers: [
            { upTo: '1000', unitAmount: '0.01' },
            { upTo: null, unitAmount: '0.005' },
          ],
        },
      },
      {
        metered: {
          fixedFee: '7.00',
          included: '2',
          price: { model: 'per_unit', unitAmount: '0.33' },
          rating: 'stripe',
        },
      },
    );
  });
  afterAll(async () => {
    api.close();
    await installation.stop();
    installation.remove();
  });

  const call = async (apiKey = key): Promise<string | null> => {
    const answer = await fetch(`${installation.ready.gatewayUrl}/sample/items`, { headers: { 'x-api-key': apiKey } });
    await answer.arrayBuffer();
    return answer.ok ? answer.headers.get('tollgate-request-id') : null;
  };

  it('makes organization, application, subscription and key in one step', async () => {
    const created = await installation.tollgateJson<{ key: string }>(
      'keys',
      'create',
      '--application',
      'billed',
      '--plan',
      'sample/plan',
    );
    key = created.key;
    expect(key).toMatch(/^tg_live_/);
  });

  it('bills every call once, by its request id', async () => {
    requestIds = [await eventually('the gateway knows the key', () => call())];
    while (requestIds.length < CALLS) {
      const batch = await Promise.all(Array.from({ length: Math.min(50, CALLS - requestIds.length) }, () => call()));
      requestIds.push(...batch.map((id) => id!));
    }
    const usage = await eventually('every call is billed', async () => {
      const result = await installation.tollgateJson<{ billedCount: number; requestIds: string[] }>(
        'usage',
        '--key',
        key,
      );
      return result.billedCount >= CALLS && result;
    });
    expect(usage.billedCount).toBe(CALLS);
    expect([...usage.requestIds].sort()).toEqual([...requestIds].sort());
  });

  const stripe = async (path: string): Promise<readonly Record<string, unknown>[]> => {
    const { STRIPE_API_BASE: base, STRIPE_SECRET_KEY: secret } = installation.settings;
    const answer = await fetch(`${base}${path}`, { headers: { authorization: `Bearer ${secret}` } });
    return ((await answer.json()) as { data: Record<string, unknown>[] }).data;
  };

  it('has Stripe know of a subscription whose usage it rates', async () => {
    const created = await installation.tollgateJson<{ key: string }>(
      'keys',
      'create',
      '--application',
      'metered',
      '--plan',
      'sample/metered',
    );
    await eventually('the gateway knows the key', () => call(created.key));
    for (let index = 1; index < METERED_CALLS; index++) expect(await call(created.key)).toMatch(/^[0-9a-f-]{36}/);
    const [subscription] = await eventually('the subscription is at Stripe', async () => {
      const found = await stripe('/v1/subscriptions?limit=100');
      // It is told in a second step that its drafts stay drafts.
      return found.some(({ pause_collection: pause }) => pause !== null) && found;
    });
    expect(subscription).toMatchObject({ status: 'active', pause_collection: { behavior: 'keep_as_draft' } });
    await eventually('every call is billed', async () => {
      const { billedCount } = await installation.tollgateJson<{ billedCount: number }>('usage', '--key', created.key);
      return billedCount === METERED_CALLS;
    });
  });

  it('closes the period, invoices it to the cent and exports it', async () => {
    const at = new Date(Date.now() + 40 * 86_400_000).toISOString();
    const result = await installation.tollgateJson<{ closed: { totalMinor: string }[]; held: unknown[] }>(
      'period',
      'close',
      '--at',
      at,
    );
    expect(result.held).toEqual([]);
    expect(result.closed.map(({ totalMinor }) => totalMinor)).toEqual(
      expect.arrayContaining([TOTAL_MINOR, METERED_TOTAL_MINOR]),
    );
    const { code, stdout } = await installation.tollgate('invoices', 'export', '--format', 'csv');
    expect(code).toBe(0);
    const lines = stdout.trim().split('\r\n').length > 1 ? stdout.trim().split('\r\n') : stdout.trim().split('\n');
    expect(lines.filter((line) => line.includes('billed')).length).toBeGreaterThanOrEqual(2);
    expect(stdout).toContain('2900');
    expect(stdout).toContain('1075');
  });

  const verify = async (): Promise<{ code: number; report: Report }> => {
    const { code, stdout, stderr } = await installation.tollgate('verify', '--json');
    if (!stdout) throw new Error(stderr);
    return { code, report: JSON.parse(stdout) as Report };
  };

  it('proves that everything agrees, down to the payment provider', async () => {
    const { code, report } = await eventually('the invoice is with the provider', async () => {
      const result = await verify();
      return (
        (result.code === 0 && result.report.checks.find(({ name }) => name === 'provider')!.checked > 0 && result) ||
        null
      );
    });
    expect(code).toBe(0);
    const [cycle] = await eventually('Stripe has finalized its own invoice', async () => {
      const [subscription] = await stripe('/v1/subscriptions?limit=100');
      const invoices = await stripe(`/v1/invoices?subscription=${String(subscription!['id'])}&limit=100`);
      const found = invoices.filter(({ total, status }) => total !== 0 && status !== 'draft');
      return found.length > 0 && found;
    });
    expect(cycle).toMatchObject({ total: Number(METERED_TOTAL_MINOR), billing_reason: 'subscription_cycle' });
    expect((await verify()).report.checks.find(({ name }) => name === 'provider')).toMatchObject({ ok: true });
    expect(report.checks.map(({ name }) => name)).toEqual([
      'segments',
      'events',
      'rollups',
      'lines',
      'invoices',
      'balances',
      'credits',
      'receivables',
      'provider',
    ]);
    expect(report.checks.every(({ ok }) => ok)).toBe(true);
  });

  /** Runs SQL as the superuser, behind the back of every trigger. */
  const tamper = async (sql: string): Promise<void> => {
    const port = fs.readFileSync(path.join(installation.home, 'postgres/data/postmaster.pid'), 'utf8').split('\n')[3];
    const password = fs.readFileSync(path.join(installation.home, 'postgres/data.password'), 'utf8');
    await withClient(`postgres://postgres:${password}@127.0.0.1:${port}/tollgate`, async (client) => {
      await client.query('SET session_replication_role = replica');
      await client.query(sql);
    });
  };

  const TAMPERINGS = [
    {
      name: 'an event deleted',
      change: (id: string) =>
        `CREATE TABLE saved AS SELECT * FROM usage_event WHERE id = '${id}'; DELETE FROM usage_event WHERE id = '${id}'`,
      undo: () => 'INSERT INTO usage_event SELECT * FROM saved; DROP TABLE saved',
    },
    {
      name: 'an event added',
      change: (id: string) =>
        `CREATE TABLE saved AS SELECT * FROM usage_event WHERE id = '${id}'; UPDATE saved SET id = '${similar(id)}'; INSERT INTO usage_event SELECT * FROM saved`,
      undo: (id: string) => `DELETE FROM usage_event WHERE id = '${similar(id)}'; DROP TABLE saved`,
      row: (id: string) => similar(id),
    },
    {
      name: 'an event changed',
      change: (id: string) => `UPDATE usage_event SET bytes_out = bytes_out + 1 WHERE id = '${id}'`,
      undo: (id: string) => `UPDATE usage_event SET bytes_out = bytes_out - 1 WHERE id = '${id}'`,
    },
  ];

  it.each(TAMPERINGS)('names the row of $name', async ({ change, undo, row }) => {
    const id = requestIds[700]!;
    await tamper(change(id));
    const { code, report } = await verify();
    await tamper(undo(id));
    expect(code).toBe(1);
    const difference = report.checks.find((check) => !check.ok)!.difference!;
    expect(difference.row).toContain((row ?? ((same: string) => same))(id));
  });

  const OTHERS = [
    {
      table: 'usage_rollup',
      change: `UPDATE usage_rollup SET quantity_sum = quantity_sum + 1 WHERE subscription_id IS NOT NULL`,
      undo: `UPDATE usage_rollup SET quantity_sum = quantity_sum - 1 WHERE subscription_id IS NOT NULL`,
    },
    {
      table: 'usage_hour',
      change: `UPDATE usage_hour SET event_count = event_count + 1 WHERE subscription_id IS NOT NULL`,
      undo: `UPDATE usage_hour SET event_count = event_count - 1 WHERE subscription_id IS NOT NULL`,
    },
    {
      table: 'invoice_line',
      change: `UPDATE invoice_line SET amount_minor = amount_minor + 1 WHERE kind = 'usage' AND quantity > 0`,
      undo: `UPDATE invoice_line SET amount_minor = amount_minor - 1 WHERE kind = 'usage' AND quantity > 0`,
    },
    {
      table: 'segment_manifest',
      change: `CREATE TABLE saved AS SELECT * FROM segment_manifest; UPDATE segment_manifest SET quantity_sums = '{"requests": "7"}'`,
      undo: `UPDATE segment_manifest m SET quantity_sums = s.quantity_sums FROM saved s
             WHERE (m.gateway_id, m.epoch, m.segment) = (s.gateway_id, s.epoch, s.segment); DROP TABLE saved`,
    },
  ];

  it.each(OTHERS)('names the row of a changed $table', async ({ table, change, undo }) => {
    await tamper(change);
    const { code, report } = await verify();
    await tamper(undo);
    expect(code).toBe(1);
    expect(report.checks.find((check) => !check.ok)!.difference!.row).toContain(table);
  });

  it('agrees again once all of that is undone', async () => {
    expect((await verify()).code).toBe(0);
  });

  it('names the invoice whose amount the payment provider changed', async () => {
    const file = path.join(installation.home, 'stripe-sandbox.json');
    const honest = fs.readFileSync(file, 'utf8');
    expect(honest).toContain('"amount":2900');
    fs.writeFileSync(file, honest.replaceAll('"amount":2900', '"amount":2901'));
    const before = installation.pidOf('stripe-sandbox');
    installation.kill('stripe-sandbox');
    await eventually(
      'the sandbox runs again',
      async () =>
        installation.pidOf('stripe-sandbox') !== before &&
        (await fetch(`${installation.settings['STRIPE_API_BASE']}/healthz`)).ok,
    );
    const { code, report } = await verify();
    expect(code).toBe(1);
    const failed = report.checks.find((check) => !check.ok)!;
    expect(failed.name).toBe('provider');
    expect(failed.difference!.row).toContain('invoice');
  });
});

/** The same id with another last digit: an event that nobody sent. */
function similar(id: string): string {
  return id.slice(0, -1) + (id.endsWith('0') ? '1' : '0');
}
