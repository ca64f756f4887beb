import {
  type MigrationNotice,
  changePlan,
  keepPlan,
  listPublisherPlanVersions,
  listSubscriptions,
  migrateSubscribers,
} from '#services';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SubscriptionRow, aPlanDefinition, aPlanVersion, aSubscription } from '../../support/billing-rows.js';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';

const start = new Date('2026-01-31T10:00:00Z');
const DAY = 86_400_000;
const actor = { kind: 'user', id: 'somebody' } as const;

describe('bringing subscribers to a new version of their plan', () => {
  let database: TestDatabase;
  let subscription: SubscriptionRow;
  let publisherUserId: string;
  let target: string;
  let notices: MigrationNotice[];
  beforeEach(async () => {
    database = await createTestDatabase(start.toISOString());
    subscription = await aSubscription(database);
    publisherUserId = database.context.ids.next();
    target = database.context.ids.next();
    notices = [];
    await rows(
      `INSERT INTO auth."user" (id, name, email, "emailVerified", "createdAt", "updatedAt") VALUES ($1, 'P', 'p@example.com', true, $2, $2)`,
      [publisherUserId, start],
    );
    await rows(
      `INSERT INTO publisher_team_member (publisher_team_id, user_id, created_at)
       SELECT publisher_team_id, $1, $2 FROM api_product WHERE id = $3`,
      [publisherUserId, start, subscription.apiProductId],
    );
    await publish();
  });
  afterEach(() => database.dispose());

  const rows = <Row>(sql: string, parameters: readonly unknown[] = []) =>
    database.unitOfWork.inSystem((transaction) => transaction.query<Row>(sql, parameters));
  const publish = async (currency = 'USD') => {
    await rows(`UPDATE plan_version SET state = 'retired' WHERE id = $1`, [subscription.planVersionId]);
    await rows(
      `INSERT INTO plan_version SELECT $1, plan_id, 2, 'published', $2, 'hash', $3 FROM plan_version WHERE id = $4`,
      [target, JSON.stringify(aPlanDefinition({ fixedFee: '2.00', currency })), start, subscription.planVersionId],
    );
  };
  const migrate = (noticeDays: number, userId = publisherUserId) =>
    migrateSubscribers(database.context, {
      planVersionId: target,
      noticeDays,
      overrides: 'keep',
      publisherUserId: userId,
      actor,
      writeMail: (notice) => {
        notices.push(notice);
        return { subject: 'New terms', text: '', html: '' };
      },
    });
  const overview = async () => (await listSubscriptions(database.context, subscription.organizationId))[0]!;

  it('changes with the end of the period under way when the notice has passed, and tells who pays at once', async () => {
    expect(await migrate(30)).toEqual({ migrated: 1, skipped: 0, kept: 0 });
    const startsAt = new Date('2026-03-31T10:00:00Z');
    expect(await overview()).toMatchObject({
      planVersionId: subscription.planVersionId,
      plannedChange: { planVersionId: target, startsAt },
    });
    expect(notices).toMatchObject([{ subscriptionId: subscription.id, startsAt }]);
    expect(await rows(`SELECT payload ->> 'subject' AS subject FROM outbox WHERE queue = 'mail'`)).toEqual([
      { subject: 'New terms' },
    ]);
    database.clock.moveTo(startsAt);
    expect(await overview()).toMatchObject({ planVersionId: target, plannedChange: null });
  });

  it('allows exactly the days of the notice, to the millisecond', async () => {
    const end = Date.parse('2026-02-28T10:00:00Z');
    database.clock.moveTo(end - 10 * DAY);
    await migrate(10);
    expect(await overview()).toMatchObject({ plannedChange: { startsAt: new Date(end) } });
  });

  it('does nothing twice', async () => {
    await migrate(30);
    expect(await migrate(30)).toEqual({ migrated: 0, skipped: 0, kept: 0 });
    expect(notices).toHaveLength(1);
  });

  it('is for the publisher to take back: the subscriber chooses another plan instead', async () => {
    await migrate(30);
    const which = { organizationId: subscription.organizationId, subscriptionId: subscription.id, actor };
    await expect(keepPlan(database.context, which)).rejects.toEqual(
      expect.objectContaining({ code: 'plan_version_ends' }),
    );
    const other = await aPlanVersion(database, subscription, aPlanDefinition({ fixedFee: '0.50' }));
    expect(await changePlan(database.context, { ...which, planVersionId: other, paymentProvider: null })).toMatchObject(
      { plannedChange: { planVersionId: other, startsAt: new Date('2026-02-28T10:00:00Z') } },
    );
  });

  it('is only for who publishes the plan, and only to what is published', async () => {
    await expect(migrate(30, database.context.ids.next())).rejects.toEqual(
      expect.objectContaining({ code: 'plan_version_not_found' }),
    );
    await rows(`UPDATE plan_version SET state = 'retired' WHERE id = $1`, [target]);
    await expect(migrate(30)).rejects.toEqual(expect.objectContaining({ code: 'plan_version_not_published' }));
  });

  it('leaves those alone that pay in another currency', async () => {
    target = database.context.ids.next();
    await rows(`UPDATE plan_version SET state = 'retired'`);
    await rows(
      `INSERT INTO plan_version SELECT $1, plan_id, 3, 'published', $2, 'hash', $3 FROM plan_version WHERE id = $4`,
      [target, JSON.stringify(aPlanDefinition({ currency: 'EUR' })), start, subscription.planVersionId],
    );
    expect(await migrate(30)).toEqual({ migrated: 0, skipped: 1, kept: 0 });
    expect(await overview()).toMatchObject({ plannedChange: null });
  });

  it('shows the publisher each version and how many are under it', async () => {
    expect(await listPublisherPlanVersions(database.context, publisherUserId)).toMatchObject([
      { number: 2, state: 'published', subscriptionCount: 0 },
      { number: 1, state: 'retired', subscriptionCount: 1 },
    ]);
    expect(await listPublisherPlanVersions(database.context, 'nobody')).toEqual([]);
  });
});
