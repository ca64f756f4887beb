// An installation with many subscriptions whose period has ended, and usage of each in the ledger.
import { randomUUID } from 'node:crypto';
import { withClient } from '../../scripts/launcher/database.mjs';
import { say } from '../stage.mjs';

const dayMs = 86_400_000;
/** The period that is closed began so many days ago, and has ended. */
export const daysAgo = 33;
const batchSize = 5_000;
const segmentSize = 2_000;

/** A fee, a graduated price with included units, and a discount: two lines an invoice. */
const definition = {
  currency: 'USD',
  billingInterval: 'month',
  fixedFee: '29.00',
  prices: [
    {
      meter: 'requests',
      included: '2',
      discountPercent: '5',
      price: {
        model: 'graduated',
        tiers: [
          { upTo: '3', unitAmount: '0.5', flatAmount: '0' },
          { upTo: null, unitAmount: '0.25', flatAmount: '1' },
        ],
      },
    },
  ],
  rateLimits: [],
  quotas: [],
};

/**
 * Makes copies of the first key's organization, application, subscription, phase, period and key until there are so many,
 * all with the plan above, and moves them back in time. Copies have all columns of the first, so that new ones need nothing here.
 */
export async function seedSubscriptions(superuserUrl, count) {
  await withClient(superuserUrl, async (client) => {
    await client.query('SET session_replication_role = replica');
    await client.query('UPDATE plan_version SET definition = $1', [JSON.stringify(definition)]);
    const { rows } = await client.query('SELECT count(*)::integer AS count FROM subscription');
    for (let done = rows[0].count; done < count; done += batchSize) {
      await copySubscription(client, Math.min(batchSize, count - done));
    }
    const back = `interval '${daysAgo} days'`;
    await client.query(`
      UPDATE subscription SET created_at = created_at - ${back}, anchor_at = anchor_at - ${back};
      UPDATE subscription_phase SET starts_at = starts_at - ${back};
      UPDATE billing_period SET starts_at = starts_at - ${back}, ends_at = starts_at - ${back} + interval '1 month';
      SET session_replication_role = origin;
      SELECT ensure_usage_event_partitions((now() - interval '${daysAgo + 1} days')::date, now()::date)`);
  });
}

async function copySubscription(client, count) {
  const owners = Array.from({ length: count }, () => {
    const [organizationId, applicationId, subscriptionId, phaseId, credentialId] = Array.from(
      { length: 5 },
      randomUUID,
    );
    return { organizationId, applicationId, subscriptionId, phaseId, credentialId, slug: `bench-${organizationId}` };
  });
  const copies = {
    organization: `'id', row->>'organizationId', 'slug', row->>'slug', 'provider_customer_id', NULL`,
    application: `'id', row->>'applicationId', 'organization_id', row->>'organizationId'`,
    subscription: `'id', row->>'subscriptionId', 'organization_id', row->>'organizationId', 'application_id', row->>'applicationId'`,
    subscription_phase: `'id', row->>'phaseId', 'organization_id', row->>'organizationId', 'subscription_id', row->>'subscriptionId'`,
    billing_period: `'organization_id', row->>'organizationId', 'subscription_id', row->>'subscriptionId'`,
    credential: `'id', row->>'credentialId', 'organization_id', row->>'organizationId', 'application_id', row->>'applicationId', 'key_id', substr(row->>'slug', 7)`,
  };
  for (const [table, fields] of Object.entries(copies)) {
    await client.query(
      `INSERT INTO ${table} SELECT (jsonb_populate_record(template.original, jsonb_build_object(${fields}))).*
         FROM (SELECT ${table} AS original FROM ${table} LIMIT 1) template, jsonb_array_elements($1::jsonb) row`,
      [JSON.stringify(owners)],
    );
  }
}

/** Brings so many events into the ledger the way a worker does, shared evenly among the subscriptions and the days. */
export async function seedUsage({ context, clock, superuserUrl, subscriptions, events }) {
  const { ingestSegments } = await import('#services');
  const { readCallers, segmentJobs } = await import('../ingest/events.mjs');
  const callers = await readCallers(superuserUrl, subscriptions);
  const startMs = Math.max(...callers.map(({ periodStartMs }) => periodStartMs)) + 60_000;
  const perSecond = events / (25 * (dayMs / 1_000));
  const load = { callers, operations: 3, events, segmentSize, perSecond, isEven: true, gatewayId: 'bench', startMs };
  let waiting = [];
  let done = 0;
  const flush = async () => {
    clock.moveTo(new Date());
    for (const { status, reason, value } of await ingestSegments(context, waiting)) {
      if (status === 'rejected') throw reason;
      if (value.quarantined !== 0) throw new Error(`${value.quarantined} events of a segment were kept aside`);
    }
    done += waiting.length * segmentSize;
    if (done % 200_000 < 16_000) say(`${done} events …`);
    waiting = [];
  };
  for await (const job of segmentJobs(load)) {
    waiting.push(job);
    if (waiting.length === 8) await flush();
  }
  if (waiting.length > 0) await flush();
}
