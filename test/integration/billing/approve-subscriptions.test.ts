import type { PlanDefinition } from '#domain';
import {
  type SubscriptionNotice,
  type RefusalNotice,
  type SubscribeInput,
  approveSubscription,
  cancelSubscription,
  changePlan,
  closeDuePeriods,
  currentUsage,
  refuseSubscription,
  subscribe,
} from '#services';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SubscriptionRow, aPlanDefinition, aPlanVersion, aSubscription } from '../../support/billing-rows.js';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';

const start = new Date('2026-01-31T10:00:00Z');
const later = new Date('2026-02-10T08:00:00Z');
const actor = { kind: 'user', id: 'somebody' } as const;

describe('a subscription that waits for approval', () => {
  let database: TestDatabase;
  let owner: SubscriptionRow;
  beforeEach(async () => {
    database = await createTestDatabase(start.toISOString());
    owner = await aSubscription(database);
    const { organizationId, id: subscriptionId } = owner;
    await cancelSubscription(database.context, { organizationId, subscriptionId, when: 'now', actor });
  });
  afterEach(() => database.dispose());

  const rows = <Row>(sql: string, parameters: readonly unknown[] = []) =>
    database.unitOfWork.inSystem((transaction) => transaction.query<Row>(sql, parameters));
  const take = async (
    definition: Partial<PlanDefinition> = {},
    more: Pick<SubscribeInput, 'writeRequestMail'> = {},
  ) => {
    const planVersionId = await aPlanVersion(
      database,
      owner,
      aPlanDefinition({ fixedFee: '10.00', fixedFeeDue: 'in_advance', requiresApproval: true, ...definition }),
    );
    const { organizationId, applicationId } = owner;
    const input = { organizationId, applicationId, planVersionId, paymentProvider: null, actor, ...more };
    return subscribe(database.context, input);
  };
  const publisher = async (teamId?: string) => {
    const [product] = await rows<{ team: string }>('SELECT publisher_team_id AS team FROM api_product WHERE id = $1', [
      owner.apiProductId,
    ]);
    const userId = database.context.ids.next();
    await rows(
      `INSERT INTO auth."user" (id, name, email, "emailVerified", "createdAt", "updatedAt") VALUES ($1, 'P', $2, true, $3, $3)`,
      [userId, `${userId}@example.com`, start],
    );
    await rows(`INSERT INTO publisher_team_member (publisher_team_id, user_id, created_at) VALUES ($1, $2, $3)`, [
      teamId ?? product!.team,
      userId,
      start,
    ]);
    return userId;
  };

  const writeMail = ({ plan }: SubscriptionNotice) => ({ subject: `Approved ${plan}`, text: 'approved', html: '' });

  it('is neither served nor billed, and holds its place', async () => {
    const { id, status } = await take();
    expect(status).toBe('pending_approval');
    expect(await currentUsage(database.context, { organizationId: owner.organizationId })).toEqual([]);
    expect(await rows('SELECT 1 FROM billing_period WHERE subscription_id = $1', [id])).toEqual([]);
    await expect(take()).rejects.toEqual(expect.objectContaining({ code: 'already_subscribed' }));
    const other = await aPlanVersion(database, owner, aPlanDefinition());
    const change = { organizationId: owner.organizationId, subscriptionId: id, planVersionId: other, actor };
    await expect(changePlan(database.context, { ...change, paymentProvider: null })).rejects.toEqual(
      expect.objectContaining({ code: 'approval_pending' }),
    );
  });

  it('is told to the whole team of the product, and to nobody else; what begins at once to nobody', async () => {
    const members = [await publisher(), await publisher()];
    const elsewhere = await aSubscription(database);
    const [{ team } = { team: '' }] = await rows<{ team: string }>(
      'SELECT publisher_team_id AS team FROM api_product WHERE id = $1',
      [elsewhere.apiProductId],
    );
    await publisher(team);
    const writeRequestMail = ({ organization, application, product, plan, subscriptionId }: SubscriptionNotice) => ({
      subject: `${organization}, ${application}: ${product} ${plan}`,
      text: subscriptionId,
      html: '',
    });
    const mails = () =>
      rows<{ to: string; subject: string; text: string }>(
        `SELECT payload ->> 'to' AS to, payload ->> 'subject' AS subject, payload ->> 'text' AS text FROM outbox WHERE queue = 'mail' ORDER BY 1`,
      );
    await take({ requiresApproval: undefined }, { writeRequestMail });
    expect(await mails()).toEqual([]);
    const { organizationId, applicationId } = owner;
    const [{ id: active } = { id: '' }] = await rows<{ id: string }>(
      `SELECT id FROM subscription WHERE application_id = $1 AND state = 'active'`,
      [applicationId],
    );
    await cancelSubscription(database.context, { organizationId, subscriptionId: active, when: 'now', actor });
    const { id } = await take({}, { writeRequestMail });
    expect(await mails()).toEqual(
      members
        .map((userId) => ({ to: `${userId}@example.com`, subject: 'Ada Ltd, Default: Weather Other', text: id }))
        .toSorted((one, other) => (one.to < other.to ? -1 : 1)),
    );
  });

  it('begins when it is approved, with its fee in advance from then on', async () => {
    const { id } = await take();
    database.clock.moveTo(later);
    const publisherUserId = await publisher();
    const approved = await approveSubscription(database.context, {
      subscriptionId: id,
      publisherUserId,
      actor,
      writeMail,
    });
    expect(approved).toMatchObject({ status: 'active', anchorAt: later });
    expect(await rows('SELECT starts_at, ends_at FROM subscription_phase WHERE subscription_id = $1', [id])).toEqual([
      { starts_at: later, ends_at: null },
    ]);
    expect(await rows('SELECT total_minor, state FROM invoice WHERE subscription_id = $1', [id])).toEqual([
      { total_minor: '1000', state: 'issued' },
    ]);
    await expect(
      approveSubscription(database.context, { subscriptionId: id, publisherUserId, actor, writeMail }),
    ).rejects.toEqual(expect.objectContaining({ code: 'subscription_transition_refused' }));
    database.clock.moveTo('2026-03-11T00:00:00Z');
    const closed = (await closeDuePeriods(database.context, { graceMs: 0 })).closed;
    expect(closed.filter(({ subscriptionId }) => subscriptionId === id)).toMatchObject([
      { periodStart: later, totalMinor: 1000n },
    ]);
  });

  it('has its whole trial from the approval on', async () => {
    const trial = { days: 3, quotas: [{ name: 'trial', meter: 'requests', limit: 5 }], withoutCard: 'cancel' } as const;
    const { id } = await take({ trial });
    database.clock.moveTo(later);
    const approved = await approveSubscription(database.context, {
      subscriptionId: id,
      publisherUserId: null,
      actor,
      writeMail,
    });
    expect(approved).toMatchObject({ status: 'trialing', trialEndsAt: new Date('2026-02-13T08:00:00Z') });
  });

  it('tells by mail, once, who pays for what was approved, and nobody of one that could not be', async () => {
    const { id, plan } = await take();
    const notices: SubscriptionNotice[] = [];
    const approve = () =>
      approveSubscription(database.context, {
        subscriptionId: id,
        publisherUserId: null,
        actor,
        writeMail: (notice) => {
          notices.push(notice);
          return writeMail(notice);
        },
      });
    await approve();
    await expect(approve()).rejects.toMatchObject({ code: 'subscription_transition_refused' });
    expect(notices).toEqual([
      { subscriptionId: id, organization: 'Ada Ltd', application: 'Default', product: 'Weather', plan: plan.title },
    ]);
    const mails = `SELECT payload ->> 'to' AS to FROM outbox WHERE queue = 'mail' AND payload ->> 'subject' LIKE 'Approved %'`;
    expect(await rows(mails)).toEqual([{ to: expect.stringMatching(/^billing@/) }]);
  });

  it('can be refused by the publisher, and withdrawn by who asked', async () => {
    const first = await take();
    const input = { publisherUserId: await publisher(), actor };
    const notices: RefusalNotice[] = [];
    const refusal = {
      reason: 'No contract yet.',
      writeMail: (notice: RefusalNotice) => {
        notices.push(notice);
        return { subject: 'Refused', text: 'refused', html: '' };
      },
    };
    expect(
      await refuseSubscription(database.context, { ...input, ...refusal, subscriptionId: first.id }),
    ).toMatchObject({ status: 'canceled' });
    expect(notices).toEqual([
      {
        subscriptionId: first.id,
        organization: 'Ada Ltd',
        application: 'Default',
        product: 'Weather',
        plan: first.plan.title,
        reason: 'No contract yet.',
      },
    ]);
    expect(
      await rows(
        `SELECT payload ->> 'to' AS to FROM outbox WHERE queue = 'mail' AND payload ->> 'subject' = 'Refused'`,
      ),
    ).toEqual([{ to: expect.stringMatching(/^billing@/) }]);
    const second = await take();
    const { organizationId } = owner;
    expect(
      await cancelSubscription(database.context, {
        organizationId,
        subscriptionId: second.id,
        when: 'period_end',
        actor,
      }),
    ).toMatchObject({ status: 'canceled' });
    expect(await rows('SELECT 1 FROM invoice')).toEqual([]);
  });

  it('is no matter of other publishers', async () => {
    const { id } = await take();
    const stranger = await aSubscription(database);
    const [team] = await rows<{ id: string }>('SELECT publisher_team_id AS id FROM api_product WHERE id = $1', [
      stranger.apiProductId,
    ]);
    const publisherUserId = await publisher(team!.id);
    await expect(
      approveSubscription(database.context, { subscriptionId: id, publisherUserId, actor, writeMail }),
    ).rejects.toEqual(expect.objectContaining({ code: 'subscription_not_found' }));
  });
});
