import { WEBHOOK_EVENTS, WEBHOOK_EVENT_TYPES } from '#domain';
import {
  type KeyExpiryNotice,
  approveSubscription,
  cancelSubscription,
  changePlan,
  closeDuePeriods,
  createWebhookEndpoint,
  editCredential,
  issueCreditNote,
  issueCredential,
  keepPlan,
  markUncollectible,
  raiseUsageAlerts,
  reactivateSubscription,
  refuseSubscription,
  revokeCredential,
  rotateCredential,
  setMoneyCap,
  subscribe,
  suspendSubscription,
  tellExpiringKey,
  voidInvoice,
} from '#services';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SubscriptionRow, aPlanDefinition, aPlanVersion, aSubscription } from '../../support/billing-rows.js';
import { Collection, cards } from '../../support/collection.js';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';
import { testPeppers } from '../../support/factories.js';

const actor = { kind: 'user', id: 'ada' } as const;

interface Told {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

describe('what endpoints are told of', () => {
  let database: TestDatabase;
  let owner: SubscriptionRow;
  beforeEach(async () => {
    database = await createTestDatabase('2026-02-01T00:00:00Z');
    owner = await aSubscription(database, { definition: aPlanDefinition({ fixedFee: '5.00' }) });
    await createWebhookEndpoint(database.context, {
      organizationId: owner.organizationId,
      url: 'https://hooks.example.com',
      description: '',
      eventTypes: WEBHOOK_EVENT_TYPES,
      allowsPrivate: false,
      encryptionKeys: [{ id: '1', secret: Buffer.alloc(32, 9) }],
      actor,
    });
  });
  afterEach(() => database.dispose());

  const rows = <Row>(sql: string, parameters: readonly unknown[] = []) =>
    database.unitOfWork.inSystem((transaction) => transaction.query<Row>(sql, parameters));
  /** What was told since the last time, in order; each body has the fields that its example has. */
  const told = async (): Promise<Told[]> => {
    const bodies = await rows<{ body: string }>('SELECT body FROM webhook_delivery ORDER BY id');
    await rows('DELETE FROM webhook_delivery');
    return bodies.map(({ body }) => {
      const { type, data } = JSON.parse(body) as Told;
      const { example } = WEBHOOK_EVENTS[type as keyof typeof WEBHOOK_EVENTS];
      expect(Object.keys(data).toSorted(), type).toEqual(['organizationId', ...Object.keys(example)].toSorted());
      expect(data['organizationId']).toBe(owner.organizationId);
      return { type, data };
    });
  };
  const types = async () => (await told()).map(({ type }) => type);
  const own = () => ({ organizationId: owner.organizationId, subscriptionId: owner.id, actor });

  it('of the life of a subscription', async () => {
    const dearer = await aPlanVersion(database, owner, aPlanDefinition({ fixedFee: '9.00' }));
    const cheaper = await aPlanVersion(database, owner, aPlanDefinition({ fixedFee: '1.00' }));
    const change = { ...own(), paymentProvider: null };
    await changePlan(database.context, { ...change, planVersionId: dearer, when: 'now' });
    database.clock.moveTo('2026-02-03T00:00:00Z');
    await changePlan(database.context, { ...change, planVersionId: cheaper, when: 'period_end' });
    await keepPlan(database.context, own());
    await cancelSubscription(database.context, { ...own(), when: 'period_end' });
    await reactivateSubscription(database.context, change);
    const suspension = { subscriptionId: owner.id, reason: 'operator', note: null, actor } as const;
    await suspendSubscription(database.context, { ...suspension, isSuspended: true });
    await suspendSubscription(database.context, { ...suspension, isSuspended: true });
    await suspendSubscription(database.context, { ...suspension, isSuspended: false });
    await cancelSubscription(database.context, { ...own(), when: 'now' });
    expect((await told()).map(({ type, data }) => [type, data['change'] ?? data['reason'] ?? null])).toEqual([
      ['subscription.changed', 'plan_changed'],
      ['subscription.changed', 'plan_planned'],
      ['subscription.changed', 'plan_kept'],
      ['subscription.changed', 'cancellation_scheduled'],
      ['subscription.changed', 'cancellation_taken_back'],
      ['subscription.suspended', 'operator'],
      ['subscription.restored', 'operator'],
      ['subscription.canceled', null],
    ]);
    const approved = await aPlanVersion(database, owner, aPlanDefinition({ requiresApproval: true }));
    const { organizationId, applicationId } = owner;
    const ask = () =>
      subscribe(database.context, {
        organizationId,
        applicationId,
        planVersionId: approved,
        paymentProvider: null,
        actor,
      });
    const decision = { publisherUserId: null, actor } as const;
    const writeMail = () => ({ subject: '', text: '', html: '' });
    const refused = await ask();
    await refuseSubscription(database.context, { ...decision, subscriptionId: refused.id, reason: null, writeMail });
    const { id } = await ask();
    await approveSubscription(database.context, { ...decision, subscriptionId: id, writeMail });
    const later = await told();
    expect(later.map(({ type }) => type)).toEqual([
      'subscription.created',
      'subscription.refused',
      'subscription.created',
      'subscription.approved',
    ]);
    expect(later[2]!.data).toMatchObject({ subscriptionId: id, applicationId, state: 'pending_approval' });
  });

  it('of keys', async () => {
    const { organizationId, applicationId } = owner;
    const issued = await issueCredential(database.context, {
      organizationId,
      applicationId,
      name: 'Key',
      mode: 'live',
      expiresAt: null,
      peppers: testPeppers,
      actor,
    });
    const credentialId = issued.credential.id;
    const rotated = await rotateCredential(database.context, {
      organizationId,
      credentialId,
      overlapSeconds: 60,
      peppers: testPeppers,
      actor,
    });
    await revokeCredential(database.context, { organizationId, credentialId, actor });
    await revokeCredential(database.context, { organizationId, credentialId, actor });
    const events = await told();
    expect(events.map(({ type, data }) => [type, data['credentialId']])).toEqual([
      ['key.created', credentialId],
      ['key.rotated', credentialId],
      ['key.revoked', credentialId],
    ]);
    expect(events[1]!.data['successorId']).toBe(rotated.credential.id);
    expect(JSON.stringify(events)).not.toContain(issued.key);
  });

  it('of keys that end soon, once for each end that was decided more than seven days ahead', async () => {
    const { organizationId, applicationId } = owner;
    await rows(
      `INSERT INTO auth."user" (id, name, email, "emailVerified") VALUES ('ada', 'A', 'ada@example.com', true)`,
    );
    await rows(`INSERT INTO membership VALUES ($1, 'ada', 'owner', now())`, [organizationId]);
    const key = async (expiresAt: string) => {
      const terms = { organizationId, applicationId, name: 'Key', mode: 'live', peppers: testPeppers, actor } as const;
      return (await issueCredential(database.context, { ...terms, expiresAt: new Date(expiresAt) })).credential.id;
    };
    const rotate = (credentialId: string, days: number) =>
      rotateCredential(database.context, {
        organizationId,
        credentialId,
        overlapSeconds: days * 86_400,
        expiresAt: null,
        peppers: testPeppers,
        actor,
      });
    await key('2026-02-08T00:00:00Z');
    const [plain, gone, moved, overlapping, handedOver] = [
      await key('2026-03-10T00:00:00Z'),
      await key('2026-03-10T00:00:00Z'),
      await key('2026-03-10T00:00:00Z'),
      await key('2026-04-10T00:00:00Z'),
      await key('2026-04-10T00:00:00Z'),
    ];
    await revokeCredential(database.context, { organizationId, credentialId: gone, actor });
    await rotate(overlapping, 30);
    await rotate(handedOver, 7);
    await told();
    const writeMail = ({ key: shown, hasSuccessor }: KeyExpiryNotice) => {
      return { subject: `${shown} ${hasSuccessor}`, text: 't', html: 'h' };
    };
    /** Three workers at a time, until none finds anything. */
    const tellAll = async () => {
      const tellNext = () => tellExpiringKey(database.context, writeMail);
      let isMore = true;
      while (isMore) isMore = (await Promise.all([tellNext(), tellNext(), tellNext()])).includes(true);
      return (await told())
        .map(({ type, data }) => [type, data['credentialId'], data['expiresAt']].join(' '))
        .toSorted();
    };
    expect(await tellAll()).toEqual([]);
    database.clock.moveTo('2026-03-02T23:59:59.999Z');
    expect(await tellAll()).toEqual([`key.expiring ${overlapping} 2026-03-03T00:00:00.000Z`]);
    database.clock.moveTo('2026-03-03T00:00:00Z');
    const expected = [plain, moved].map((id) => `key.expiring ${id} 2026-03-10T00:00:00.000Z`);
    expect(await tellAll()).toEqual(expected.toSorted());
    const edit = { organizationId, credentialId: moved, actor };
    await editCredential(database.context, { ...edit, name: 'The same end' });
    await editCredential(database.context, { ...edit, expiresAt: new Date('2026-03-11T00:00:00Z') });
    expect(await tellAll()).toEqual([]);
    await editCredential(database.context, { ...edit, expiresAt: new Date('2026-04-01T00:00:00Z') });
    database.clock.moveTo('2026-03-26T00:00:00Z');
    expect(await tellAll()).toEqual([`key.expiring ${moved} 2026-04-01T00:00:00.000Z`]);
    const mails = await rows<{ to: string; subject: string }>(
      `SELECT payload ->> 'to' AS "to", payload ->> 'subject' AS subject FROM outbox WHERE queue = 'mail' ORDER BY id`,
    );
    expect(mails.map(({ to }) => to)).toEqual(Array(4).fill('ada@example.com'));
    expect(mails.map(({ subject }) => subject.split(' ')[1])).toEqual(['true', 'false', 'false', 'false']);
  });

  it('passes over a key that has ended before anybody could tell', async () => {
    const { organizationId, applicationId } = owner;
    const terms = { organizationId, applicationId, name: 'Key', mode: 'live', peppers: testPeppers, actor } as const;
    await issueCredential(database.context, { ...terms, expiresAt: new Date('2026-03-10T00:00:00Z') });
    await told();
    database.clock.moveTo('2026-03-10T00:00:00Z');
    const unwritten = () => {
      throw new Error('no mail is to be written');
    };
    expect(await tellExpiringKey(database.context, unwritten)).toBe(true);
    expect(await tellExpiringKey(database.context, unwritten)).toBe(false);
    expect(await told()).toEqual([]);
  });

  it('of a spending cap that is used to a part, once for each part', async () => {
    await setMoneyCap(database.context, { ...own(), amount: '10' });
    await told();
    await rows(
      `INSERT INTO usage_hour (organization_id, application_id, credential_id, subscription_id, phase_id, plan_version_id,
         mode, period_start, settles_in, api_product_id, meter, hour_at, status_class, billable, counts_to_quota, event_count,
         quantity_sum)
       VALUES ($1, $2, $3, $4, $5, $6, 'live', $7, $7, $8, 'requests', $7, 2, true, true, 1, 950)`,
      [
        owner.organizationId,
        owner.applicationId,
        owner.credentialId,
        owner.id,
        owner.phaseId,
        owner.planVersionId,
        owner.anchorAt,
        owner.apiProductId,
      ],
    );
    const period = { subscriptionId: owner.id, periodStart: owner.anchorAt };
    const mail = () => ({ subject: 's', text: 't', html: 'h' });
    for (let n = 0; n < 2; n++) await raiseUsageAlerts(database.context, period, mail);
    expect((await told()).map(({ type, data }) => [type, data['threshold']])).toEqual([
      ['budget.threshold_reached', 50],
      ['budget.threshold_reached', 80],
    ]);
  });

  describe('with a payment provider', () => {
    let collection: Collection;
    beforeEach(async () => {
      collection = await Collection.start(database);
    });
    afterEach(() => collection[Symbol.asyncDispose]());
    const bill = async () => {
      database.clock.moveTo('2026-03-01T01:00:00Z');
      const { closed } = await closeDuePeriods(database.context, { graceMs: 3_600_000 });
      await collection.settle();
      return closed[0]!.invoiceId!;
    };

    it('of an invoice that is issued, paid and credited', async () => {
      await collection.saveCard(owner.organizationId, cards.good);
      const invoiceId = await bill();
      await issueCreditNote(database.context, { invoiceId, lines: null, reason: 'A mistake', actor });
      const events = await told();
      expect(events.map(({ type, data }) => [type, data['invoiceId'], data['totalMinor']])).toEqual([
        ['invoice.issued', invoiceId, '500'],
        ['invoice.paid', invoiceId, '500'],
        ['credit_note.issued', invoiceId, '500'],
      ]);
    });

    it('of a payment that fails, once, and of an invoice that is given up and withdrawn', async () => {
      await collection.saveCard(owner.organizationId, cards.declined);
      const invoiceId = await bill();
      await collection.settle();
      const failed = await told();
      expect(failed.map(({ type }) => type).toSorted()).toEqual([
        'invoice.issued',
        'invoice.past_due',
        'payment.failed',
      ]);
      expect(failed.find(({ type }) => type === 'payment.failed')!.data).toMatchObject({ invoiceId });
      await markUncollectible(database.context, { invoiceId, reason: 'Gone', actor });
      await voidInvoice(database.context, { invoiceId, reason: 'A mistake', reissue: false, actor });
      await collection.settle();
      expect(await types()).toEqual(['invoice.uncollectible', 'invoice.voided']);
    });
  });
});
