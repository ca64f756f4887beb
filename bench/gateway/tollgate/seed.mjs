import { randomBytes, randomFillSync, randomUUID } from 'node:crypto';
import fs from 'node:fs';
import { generateApiKey, hashApiKeySecret } from '#domain';
import pg from 'pg';

const subscriptionCount = 1_000;
const batchSize = 10_000;
/** With more keys than that, calls are made with so many of them, spread evenly: a load generator has a memory as well. */
const maxUsedKeys = 100_000;

/**
 * Multiplies the organization, application and subscription of the first key to 1,000 of each, on so many plans, and gives
 * them so many keys in equal shares. Writes the keys that calls are made with, each with its application, into a file.
 */
export async function seedKeys({ superuserUrl, pepper, keys, plans = 1, keysFile }) {
  const client = new pg.Client({ connectionString: superuserUrl });
  await client.connect();
  try {
    const owners = await copySubscriptions(client, subscriptionCount, { plans });
    const used = [];
    const step = Math.max(1, Math.floor(keys / maxUsedKeys));
    for (let done = 0; done < keys; done += batchSize) {
      const rows = Array.from({ length: Math.min(batchSize, keys - done) }, (_, index) => {
        const { key, parsed } = generateApiKey('live', randomFillSync);
        const owner = owners[(done + index) % owners.length];
        if ((done + index) % step === 0) used.push(`${key} ${owner.applicationId}`);
        return { ...owner, id: randomUUID(), keyId: parsed.keyId, hash: hashApiKeySecret(parsed.secret, pepper) };
      });
      await client.query(
        `INSERT INTO credential SELECT (jsonb_populate_record(template.original, jsonb_build_object('id', row.id,
             'organization_id', row.organization, 'application_id', row.application, 'key_id', row.key_id,
             'secret_hash', row.hash))).*
           FROM (SELECT credential AS original FROM credential ORDER BY created_at LIMIT 1) template,
             unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::bytea[]) row (id, organization, application, key_id, hash)`,
        [
          rows.map(({ id }) => id),
          rows.map(({ organizationId }) => organizationId),
          rows.map(({ applicationId }) => applicationId),
          rows.map(({ keyId }) => keyId),
          rows.map(({ hash }) => hash),
        ],
      );
    }
    await client.query('ANALYZE');
    fs.writeFileSync(keysFile, `${used.join('\n')}\n`);
  } finally {
    await client.end();
  }
}

/**
 * Makes so many copies of the first key's organization, application, subscription, phase and period, and returns the ids of
 * each; with `plans`, of the plan as well, and so many share them. Copies of rows have all columns of the first one but those named, so that new columns need nothing here.
 */
export async function copySubscriptions(client, count, { plans = 1 } = {}) {
  const versions = await copyPlans(client, plans);
  const owners = Array.from({ length: count }, (_, index) => ({
    planVersionId: versions[index % versions.length],
    organizationId: randomUUID(),
    applicationId: randomUUID(),
    subscriptionId: randomUUID(),
    phaseId: randomUUID(),
    slug: `bench-${randomBytes(8).toString('hex')}`,
  }));
  const ofOrganization = `'organization_id', row->>'organizationId'`;
  await copyRows(client, owners, {
    organization: `'id', row->>'organizationId', 'slug', row->>'slug', 'provider_customer_id', NULL`,
    application: `'id', row->>'applicationId', ${ofOrganization}`,
    subscription: `'id', row->>'subscriptionId', ${ofOrganization}, 'application_id', row->>'applicationId'`,
    subscription_phase: `'id', row->>'phaseId', ${ofOrganization}, 'subscription_id', row->>'subscriptionId', 'plan_version_id', row->>'planVersionId'`,
    billing_period: `${ofOrganization}, 'subscription_id', row->>'subscriptionId'`,
  });
  return owners;
}

/** Ids of the versions of so many plans: that of a subscription there is, and copies of it. */
async function copyPlans(client, count) {
  const { rows } = await client.query('SELECT plan_version_id AS id FROM subscription_phase LIMIT 1');
  const copies = Array.from({ length: count - 1 }, (_, index) => ({
    planId: randomUUID(),
    planVersionId: randomUUID(),
    slug: `metered-${index + 2}`,
  }));
  await copyRows(client, copies, {
    plan: `'id', row->>'planId', 'slug', row->>'slug'`,
    plan_version: `'id', row->>'planVersionId', 'plan_id', row->>'planId'`,
  });
  return [rows[0].id, ...copies.map(({ planVersionId }) => planVersionId)];
}

/** Copies a row of each table once for each of these, with what the fields (SQL) take of it. */
export async function copyRows(client, owners, copies) {
  for (const [table, fields] of Object.entries(copies)) {
    await client.query(
      `INSERT INTO ${table} SELECT (jsonb_populate_record(template.original, jsonb_build_object(${fields}))).*
         FROM (SELECT ${table} AS original FROM ${table} LIMIT 1) template, jsonb_array_elements($1::jsonb) row`,
      [JSON.stringify(owners)],
    );
  }
}
