import { generateApiKey } from '#domain';
import { ingestSegment } from '#services';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SubscriptionRow, aSubscription } from '../../support/billing-rows.js';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';
import { aSegmentJob, aTestModeEvent, aUsageEvent } from '../../support/usage-events.js';

const anchor = new Date('2026-01-31T10:00:00Z');
const noon = new Date('2026-02-10T12:00:00Z');

/** Whoever writes to the ledger, by whatever mistake: the database itself keeps test keys off bills. */
describe('the use of a test key', () => {
  let database: TestDatabase;
  let subscription: SubscriptionRow;
  let testKey: string;

  beforeAll(async () => {
    database = await createTestDatabase(anchor.toISOString());
    subscription = await aSubscription(database);
    database.clock.moveTo(noon);
    testKey = database.context.ids.next();
    await rows(
      `INSERT INTO credential (id, organization_id, application_id, key_id, mode, name, secret_hash, pepper_id, created_at)
       VALUES ($1, $2, $3, $4, 'test', 'Test', decode(repeat('00', 32), 'hex'), '1', $5)`,
      [
        testKey,
        subscription.organizationId,
        subscription.applicationId,
        generateApiKey('test', database.context.fillRandom).parsed.keyId,
        noon,
      ],
    );
    const live = aUsageEvent(subscription, { at: noon });
    const test = aTestModeEvent(subscription, { at: noon, credentialId: testKey });
    expect(await ingestSegment(database.context, await aSegmentJob([live, test]))).toMatchObject({ inserted: 2 });
  });
  afterAll(() => database.dispose());

  const rows = <Row>(sql: string, parameters: readonly unknown[] = []) =>
    database.unitOfWork.inSystem((transaction) => transaction.query<Row>(sql, parameters));
  const tables = [
    ['usage_event', 'usage_event_test_never_billed'],
    ['usage_rollup', 'usage_rollup_test_never_billed'],
    ['usage_hour', 'usage_hour_test_never_billed'],
    ['usage_operation_day', 'usage_operation_day_test_never_billed'],
  ] as const;

  /** A copy of the row of the test key, with some columns other than they are. */
  async function copy(table: string, changes: Readonly<Record<string, unknown>>): Promise<void> {
    await rows(
      `INSERT INTO ${table} SELECT (jsonb_populate_record(one, $2::jsonb)).* FROM ${table} AS one WHERE credential_id = $1`,
      [testKey, JSON.stringify(changes)],
    );
  }
  const ids = () => ({ id: database.context.ids.next(), seq: 7 });

  it('is in the ledger, and not billable', async () => {
    for (const [table] of tables) {
      expect(await rows(`SELECT mode, billable FROM ${table} WHERE credential_id = $1`, [testKey])).toEqual([
        { mode: 'test', billable: false },
      ]);
    }
  });

  it.each(tables)('cannot be written as billable into %s', async (table, constraint) => {
    await expect(copy(table, { billable: true, ...(table === 'usage_event' && ids()) })).rejects.toThrow(constraint);
  });

  it.each(tables.slice(0, 3))('cannot be given a subscription in %s', async (table, constraint) => {
    const priced = {
      subscription_id: subscription.id,
      phase_id: subscription.phaseId,
      plan_version_id: subscription.planVersionId,
      period_start: anchor,
      settles_in: anchor,
    };
    await expect(copy(table, { ...priced, ...(table === 'usage_event' && ids()) })).rejects.toThrow(constraint);
  });

  it('cannot be turned into billable use afterwards', async () => {
    for (const [table] of tables.slice(1)) {
      await expect(rows(`UPDATE ${table} SET billable = true WHERE credential_id = $1`, [testKey])).rejects.toThrow(
        `${table}_test_never_billed`,
      );
    }
    await expect(rows(`UPDATE usage_event SET billable = true WHERE credential_id = $1`, [testKey])).rejects.toThrow();
  });

  it('is not billed either when a gateway says that its mode is live', async () => {
    const lie = aUsageEvent(subscription, { at: noon, credentialId: testKey });
    const before = await rows('SELECT count(*)::integer AS count FROM usage_event');
    await expect(ingestSegment(database.context, await aSegmentJob([lie], { segment: 2 }))).rejects.toThrow(
      'is never billed',
    );
    // Wholly or not at all: nothing of the segment is in the ledger.
    expect(await rows('SELECT count(*)::integer AS count FROM usage_event')).toEqual(before);
    await expect(
      rows(`UPDATE usage_hour SET credential_id = $1 WHERE credential_id <> $1 AND billable`, [testKey]),
    ).rejects.toThrow('is never billed');
  });

  it('stays that of a test key: a key never changes its mode', async () => {
    await expect(rows(`UPDATE credential SET mode = 'live' WHERE id = $1`, [testKey])).rejects.toThrow('for good');
    await rows(`UPDATE credential SET name = 'Renamed' WHERE id = $1`, [testKey]);
  });

  it('of the documentation is short: such a key is a test key, of an hour at most, and nobody’s successor', async () => {
    const tryIt = (terms: string) => rows(`UPDATE credential SET is_try_it = true, ${terms} WHERE id = $1`, [testKey]);
    await expect(tryIt('expires_at = NULL')).rejects.toThrow('credential_try_it_short');
    await expect(tryIt(`expires_at = created_at + interval '61 minutes'`)).rejects.toThrow('credential_try_it_short');
    await tryIt(`expires_at = created_at + interval '1 hour'`);
  });
});
