// An installation with many subscriptions whose period has ended, and usage of each in the ledger.
import { randomUUID } from 'node:crypto';
import { withClient } from '../../scripts/launcher/database.mjs';
import { copyRows, copySubscriptions } from '../gateway/tollgate/seed.mjs';

/** The period that is closed began so many days ago, and has ended. */
export const daysAgo = 33;
const batchSize = 5_000;

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
 * all with the plan above, and moves them back in time.
 */
export async function seedSubscriptions(superuserUrl, count) {
  await withClient(superuserUrl, async (client) => {
    await client.query('SET session_replication_role = replica');
    await client.query('UPDATE plan_version SET definition = $1', [JSON.stringify(definition)]);
    const { rows } = await client.query('SELECT count(*)::integer AS count FROM subscription');
    for (let done = rows[0].count; done < count; done += batchSize) {
      const owners = await copySubscriptions(client, Math.min(batchSize, count - done));
      const keys = owners.map((owner) => ({ ...owner, credentialId: randomUUID() }));
      await copyRows(client, keys, {
        credential: `'id', row->>'credentialId', 'organization_id', row->>'organizationId',
          'application_id', row->>'applicationId', 'key_id', substr(row->>'slug', 7)`,
      });
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
