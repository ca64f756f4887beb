import { DEFAULT_DUNNING_POLICY, type DunningPolicy, type PaymentProvider, PaymentProviderError } from '#domain';
import {
  type DunningNotice,
  closeDuePeriods,
  findDunning,
  findInvoice,
  findSubscription,
  markPastDue,
  pauseDunning,
  recordTransfer,
  resumeDunning,
  reverseTransfer,
  runDunning,
  subscribe,
} from '#services';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SubscriptionRow, aSubscription, addUsage } from '../../support/billing-rows.js';
import { Collection, cards } from '../../support/collection.js';
import { CrashingUnitOfWork } from '../../support/crashing-unit-of-work.js';
import { type TestDatabase, createTestDatabase, tamper } from '../../support/database.js';
import { idOf } from '../../support/stripe-sandbox/sandbox-client.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const actor = { kind: 'user', id: 'finance' } as const;

describe('dunning', () => {
  let database: TestDatabase;
  let collection: Collection;
  beforeEach(async () => {
    database = await createTestDatabase('2026-01-15T00:00:00Z');
    collection = await Collection.start(database);
  });
  afterEach(async () => {
    await collection[Symbol.asyncDispose]();
    await database.dispose();
  });

  const rows = <Row>(sql: string, parameters: readonly unknown[] = []) =>
    database.unitOfWork.inSystem((transaction) => transaction.query<Row>(sql, parameters));
  const pass = (ms: number) => database.clock.moveTo(database.clock.nowMs() + ms);

  /** What was written, in the order in which it was. */
  const written: string[] = [];
  beforeEach(() => void written.splice(0));
  const write = (kind: string) => (notice: DunningNotice) => {
    written.push(`${kind} ${notice.amount}`);
    return { subject: kind, text: JSON.stringify(notice), html: '' };
  };
  const mails = {
    transferDue: write('due'),
    paymentFailed: write('failed'),
    suspensionWarning: write('warning'),
    accessSuspended: write('suspended'),
    accessRestored: write('restored'),
    subscriptionsCanceled: write('canceled'),
  };

  interface Rounds {
    readonly policy?: Partial<DunningPolicy>;
    readonly provider?: PaymentProvider;
    readonly longestGapMs?: number;
  }

  /** Rounds until nothing is done any more, with the jobs that follow; returns what was done. */
  async function work({ policy, provider = collection.provider, longestGapMs = 400 * DAY_MS }: Rounds = {}) {
    const input = { policy: { ...DEFAULT_DUNNING_POLICY, ...policy }, mails, longestGapMs };
    const all: string[] = [];
    const failures: unknown[] = [];
    for (;;) {
      const round = await runDunning(database.context, provider, input);
      failures.push(...round.failures.map(({ error }) => error));
      await collection.settle();
      if (round.done.length === 0) return { done: all, failures };
      all.push(...round.done.map(({ action }) => action));
    }
  }

  /** A subscription whose first invoice could not be paid, and dunning of which has begun. */
  async function anUnpaidInvoice(card: string | null = cards.declined) {
    const subscription = await aSubscription(database);
    await addUsage(database, subscription, { at: subscription.anchorAt, quantity: '350' });
    if (card !== null) await collection.saveCard(subscription.organizationId, card);
    const opened = database.clock.nowMs();
    pass(31 * DAY_MS + 2 * HOUR_MS);
    await collection.settle();
    const { closed } = await closeDuePeriods(database.context, { graceMs: HOUR_MS });
    await collection.settle();
    const own = closed.find(
      ({ subscriptionId, periodStart }) => subscriptionId === subscription.id && periodStart.getTime() === opened,
    );
    return { subscription, invoiceId: own!.invoiceId! };
  }

  const statusOf = async ({ id }: SubscriptionRow) => (await findSubscription(database.context, id)).status;
  const overview = (invoiceId: string) => findDunning(database.context, DEFAULT_DUNNING_POLICY, invoiceId);
  const history = async (invoiceId: string) => (await overview(invoiceId)).history.map(({ kind }) => kind);
  const settleAll = () => rows(`UPDATE invoice SET state = 'void' WHERE state = 'past_due'`);

  it('charges the card by schedule, warns, suspends after the grace, and restores the same subscription once it is paid', async () => {
    const { subscription, invoiceId } = await anUnpaidInvoice();
    expect((await work()).done).toEqual(['begin']);
    expect(await statusOf(subscription)).toBe('past_due');
    const began = database.clock.now();
    expect(await overview(invoiceId)).toMatchObject({
      dueMinor: 350n,
      outlook: {
        nextStep: { kind: 'retry', at: new Date(began.getTime() + DAY_MS) },
        accessEndsAt: new Date(began.getTime() + 3 * DAY_MS),
      },
    });
    pass(DAY_MS - MINUTE_MS);
    expect((await work()).done).toEqual([]);
    pass(MINUTE_MS);
    expect((await work()).done).toEqual(['retry', 'tell']);
    expect(await findInvoice(database.context, { invoiceId })).toMatchObject({ state: 'past_due', attempt: 2 });
    pass(DAY_MS);
    expect((await work()).done).toEqual(['warn']);
    pass(DAY_MS - MINUTE_MS);
    expect((await work()).done).toEqual([]);
    expect(await statusOf(subscription)).toBe('past_due');
    pass(MINUTE_MS);
    expect((await work()).done).toEqual(['retry', 'tell', 'suspend']);
    expect(await statusOf(subscription)).toBe('suspended');
    await expect(
      subscribe(database.context, {
        organizationId: subscription.organizationId,
        applicationId: subscription.applicationId,
        planVersionId: subscription.planVersionId,
        paymentProvider: null,
        actor: { kind: 'cli', id: null },
      }),
    ).rejects.toMatchObject({ code: 'invoices_unpaid' });

    await collection.saveCard(subscription.organizationId, cards.good);
    await collection.settle();
    expect((await work()).done).toEqual(['end']);
    expect(await statusOf(subscription)).toBe('active');
    expect(written).toEqual(
      ['failed', 'failed', 'warning', 'failed', 'suspended', 'restored'].map((kind) => `${kind} $3.50`),
    );
    expect(await history(invoiceId)).toEqual([
      'began',
      'retried',
      'failed',
      'warned',
      'retried',
      'failed',
      'suspended',
      'paid',
    ]);
  });

  it('restores after a payment that the provider alone knows of, before it would have suspended', async () => {
    const { subscription, invoiceId } = await anUnpaidInvoice(null);
    await work();
    const { providerInvoiceId } = await findInvoice(database.context, { invoiceId });
    pass(3 * DAY_MS);
    // Paid on the provider's page, and the webhook is lost.
    const { providerCustomerId } = (
      await rows<{ providerCustomerId: string }>(
        'SELECT provider_customer_id AS "providerCustomerId" FROM organization WHERE id = $1',
        [subscription.organizationId],
      )
    )[0]!;
    const card = idOf(
      await collection.client.post('/v1/payment_methods/pm_card_visa/attach', { customer: providerCustomerId }),
    );
    idOf(await collection.client.post(`/v1/invoices/${providerInvoiceId}/pay`, { payment_method: card }));
    expect((await findInvoice(database.context, { invoiceId })).state).toBe('past_due');
    const { done } = await work();
    expect(done).toContain('end');
    expect(done).not.toContain('suspend');
    expect(written.filter((mail) => mail.startsWith('suspended') || mail.startsWith('restored'))).toEqual([]);
    expect(await statusOf(subscription)).toBe('active');
  });

  it('counts no time of its own outages: a worker that was away for a week suspends nobody for it', async () => {
    const { subscription } = await anUnpaidInvoice();
    const longestGapMs = DAY_MS;
    await work({ longestGapMs });
    pass(7 * DAY_MS);
    expect((await work({ longestGapMs })).done).toEqual([]);
    expect(await statusOf(subscription)).toBe('past_due');
    // From there on the time counts again.
    pass(DAY_MS - MINUTE_MS);
    expect((await work({ longestGapMs })).done).toEqual([]);
    pass(MINUTE_MS);
    expect((await work({ longestGapMs })).done).toEqual(['retry', 'tell']);
  });

  it('counts no time while the provider is away, and suspends nobody without asking it', async () => {
    const { subscription, invoiceId } = await anUnpaidInvoice();
    await work();
    const isAway = () => Promise.reject(new PaymentProviderError('away', true));
    const away = Object.assign(Object.create(collection.provider) as PaymentProvider, { retrieveInvoice: isAway });
    pass(2 * DAY_MS);
    const { done, failures } = await work({ provider: away });
    expect([done, failures.length > 0]).toEqual([[], true]);
    pass(2 * DAY_MS);
    await work({ provider: away });
    expect((await work()).done).toEqual([]);
    expect(await history(invoiceId)).toEqual(['began']);
    // The grace is over while it answers; then it is away at the moment of the suspension.
    pass(2 * DAY_MS + 23 * HOUR_MS);
    await work();
    pass(HOUR_MS);
    const turned = await runDunning(database.context, collection.provider, {
      policy: { ...DEFAULT_DUNNING_POLICY, graceDays: 30 },
      mails,
      longestGapMs: DAY_MS,
    });
    expect(turned.failures).toEqual([]);
    await collection.settle();
    expect((await work({ provider: away })).done).not.toContain('suspend');
    expect(await statusOf(subscription)).toBe('past_due');
    expect((await work()).done).toContain('suspend');
    expect(await statusOf(subscription)).toBe('suspended');
  });

  it('counts time while the provider refuses to show one invoice, which is not suspended for and keeps no other waiting', async () => {
    const other = await aSubscription(database);
    await addUsage(database, other, { at: other.anchorAt, quantity: '350' });
    await collection.saveCard(other.organizationId, cards.declined);
    const { subscription } = await anUnpaidInvoice();
    let refused: string | null = null;
    const retrieveInvoice = (id: string) => {
      // The first that is asked for.
      refused ??= id;
      return id === refused
        ? Promise.reject(new PaymentProviderError('no such invoice', false))
        : collection.provider.retrieveInvoice(id);
    };
    const provider = Object.assign(Object.create(collection.provider) as PaymentProvider, { retrieveInvoice });
    expect((await work({ provider })).done).toEqual(['begin', 'begin']);
    pass(MINUTE_MS);
    expect((await work({ provider })).failures).toEqual([]);
    pass(3 * DAY_MS);
    const { done, failures } = await work({ provider });
    expect(done.filter((action) => action === 'suspend')).toHaveLength(1);
    expect(failures.map((error) => (error as Error).message)).toContain('no such invoice');
    expect([await statusOf(subscription), await statusOf(other)].toSorted()).toEqual(['past_due', 'suspended']);
  });

  it('lets as many cases as a round takes, and a pause, fail for ever without keeping another case waiting', async () => {
    const { invoiceId } = await anUnpaidInvoice();
    expect((await work()).done).toEqual(['begin']);
    const { organizationId } = await aSubscription(database);
    // As many older invoices, of which the database refuses every step, and a pause that it lets nobody end.
    await tamper(
      database,
      `INSERT INTO invoice SELECT (jsonb_populate_record(invoice, jsonb_build_object('number', 'OLD-' || n,
         'id', lpad(n::text, 8, '0') || substr(id::text, 9), 'provider_invoice_id', 'in_old_' || n,
         'period_start', period_start - n * interval '100 days', 'period_end', period_end - n * interval '100 days'))).*
       FROM invoice, generate_series(1, 10) n WHERE id = '${invoiceId}'`,
    );
    await rows(`INSERT INTO dunning_pause (organization_id, until, reason) VALUES ($1, $2, 'x')`, [
      organizationId,
      database.clock.now(),
    ]);
    await tamper(
      database,
      `CREATE FUNCTION never() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'never'; END $$`,
    );
    await tamper(database, `CREATE TRIGGER never BEFORE DELETE ON dunning_pause FOR EACH ROW EXECUTE FUNCTION never()`);
    await tamper(
      database,
      `CREATE TRIGGER never BEFORE INSERT ON dunning_case FOR EACH ROW WHEN (NEW.invoice_id::text LIKE '0000%') EXECUTE FUNCTION never()`,
    );
    const round = () =>
      runDunning(database.context, collection.provider, {
        policy: DEFAULT_DUNNING_POLICY,
        mails,
        longestGapMs: 400 * DAY_MS,
        batch: 10,
      });
    const first = await round();
    expect([first.failures.length, first.failing]).toEqual([11, 11]);
    pass(DAY_MS);
    // It is the only one that has not failed: it goes first.
    expect((await round()).done).toEqual([{ invoiceId, action: 'retry' }]);
    await rows(`UPDATE dunning_failure SET failures = 3`);
    expect((await round()).failures).toHaveLength(11);
    const rested = await round();
    expect([rested.failures, rested.failing]).toEqual([[], 11]);
    await tamper(database, `DROP TRIGGER never ON dunning_case`);
    await tamper(database, `DROP TRIGGER never ON dunning_pause`);
    pass(MINUTE_MS);
    const healed = await round();
    expect([healed.failures, healed.failing]).toEqual([[], 0]);
  });

  it('counts no time while an invoice is held by us, or its attempt has not been answered', async () => {
    const { subscription, invoiceId } = await anUnpaidInvoice();
    await work();
    await rows(`UPDATE invoice SET failure_code = 'reconcile_hold' WHERE id = $1`, [invoiceId]);
    pass(9 * DAY_MS);
    expect((await work()).done).toEqual([]);
    await rows(`UPDATE invoice SET failure_code = 'generic_decline' WHERE id = $1`, [invoiceId]);
    expect((await work()).done).toEqual([]);
    expect(await statusOf(subscription)).toBe('past_due');
    expect((await overview(invoiceId)).outlook!.nextStep).toMatchObject({ kind: 'retry' });
  });

  it('rests while finance has paused it, lets what was suspended pass, and goes on where it was', async () => {
    const { subscription, invoiceId } = await anUnpaidInvoice();
    const { organizationId } = subscription;
    await work();
    pass(3 * DAY_MS);
    await work();
    expect(await statusOf(subscription)).toBe('suspended');
    const until = new Date(database.clock.nowMs() + 10 * DAY_MS);
    await expect(pauseDunning(database.context, { organizationId, until, reason: ' ', actor })).rejects.toMatchObject({
      code: 'dunning_pause_reason_missing',
    });
    await expect(
      pauseDunning(database.context, { organizationId, until: database.clock.now(), reason: 'x', actor }),
    ).rejects.toMatchObject({ code: 'dunning_pause_until' });
    await pauseDunning(database.context, { organizationId, until, reason: 'They pay by cheque.', actor });
    expect(await statusOf(subscription)).toBe('past_due');
    expect(await overview(invoiceId)).toMatchObject({
      pause: { until, reason: 'They pay by cheque.' },
      outlook: { nextStep: { kind: 'retry', at: new Date(until.getTime() + 2 * DAY_MS) } },
    });
    pass(9 * DAY_MS);
    expect((await work()).done).toEqual([]);
    pass(DAY_MS);
    await work();
    expect(await statusOf(subscription)).toBe('suspended');
    pass(2 * DAY_MS - MINUTE_MS);
    expect((await work()).done).toEqual([]);
    pass(MINUTE_MS);
    expect((await work()).done).toEqual(['retry', 'tell']);
    await expect(resumeDunning(database.context, { organizationId, actor })).rejects.toMatchObject({
      code: 'dunning_not_paused',
    });
    expect(await rows(`SELECT action FROM audit_log WHERE noun = 'dunning'`)).toEqual([{ action: 'paused' }]);
  });

  it('gives up and cancels after the last attempt, where the settings say so; the invoice can still be paid', async () => {
    const { subscription, invoiceId } = await anUnpaidInvoice();
    const policy = { retryDays: [1], graceDays: 1, finalStep: 'cancel' } as const;
    await work({ policy });
    pass(DAY_MS);
    expect((await work({ policy })).done).toEqual(['retry', 'tell', 'suspend', 'exhaust']);
    expect(await statusOf(subscription)).toBe('canceled');
    expect((await findInvoice(database.context, { invoiceId })).state).toBe('uncollectible');
    expect(written.at(-1)).toBe('canceled $3.50');
    await collection.settle();
    const { providerInvoiceId } = await findInvoice(database.context, { invoiceId });
    expect(await collection.provider.retrieveInvoice(providerInvoiceId!)).toMatchObject({ status: 'uncollectible' });
    pass(30 * DAY_MS);
    expect((await work({ policy })).done).toEqual([]);
  });

  it('leaves the invoice past due after the last attempt by default, and still follows a new card', async () => {
    const { subscription, invoiceId } = await anUnpaidInvoice();
    const policy = { retryDays: [1], graceDays: 1 };
    await work({ policy });
    pass(9 * DAY_MS);
    expect((await work({ policy })).done.at(-1)).toBe('exhaust');
    expect(await overview(invoiceId)).toMatchObject({ state: 'past_due', outlook: { nextStep: null } });
    await collection.saveCard(subscription.organizationId, cards.good);
    await collection.settle();
    expect((await work({ policy })).done).toEqual(['end']);
    expect(await statusOf(subscription)).toBe('active');
    expect(written.at(-1)).toBe('restored $3.50');
  });

  it('does each step once, whatever statement the worker dies at, and however many workers there are', async () => {
    const { subscription, invoiceId } = await anUnpaidInvoice();
    const input = {
      policy: { ...DEFAULT_DUNNING_POLICY, retryDays: [1], graceDays: 1, finalStep: 'cancel' as const },
      mails,
      longestGapMs: 400 * DAY_MS,
    };
    const crashed = async (statement: number, when: 'before' | 'after') => {
      const unitOfWork = new CrashingUnitOfWork(database, { statement, when });
      await runDunning({ ...database.context, unitOfWork }, collection.provider, input).catch(() => undefined);
      return unitOfWork.hasCrashed;
    };
    await crashed(6, 'after');
    await work({ policy: input.policy });
    pass(DAY_MS);
    for (let statement = 1; statement <= 40; statement += 3) {
      await crashed(statement, statement % 2 === 0 ? 'before' : 'after');
      await collection.settle();
    }
    await Promise.allSettled(Array.from({ length: 4 }, () => runDunning(database.context, collection.provider, input)));
    await work({ policy: input.policy });
    expect(await history(invoiceId)).toEqual(['began', 'warned', 'retried', 'failed', 'suspended', 'exhausted']);
    expect(await statusOf(subscription)).toBe('canceled');
    const { payments } = await findInvoice(database.context, { invoiceId });
    expect(payments.map(({ attempt, state }) => [attempt, state])).toEqual([
      [1, 'failed'],
      [2, 'failed'],
    ]);
  });

  it('reminds who pays by transfer before and after it is due, charges no card, and suspends after the grace', async () => {
    const subscription = await aSubscription(database);
    await rows(`UPDATE organization SET payment_method = 'transfer', net_days = 14 WHERE id = $1`, [
      subscription.organizationId,
    ]);
    await addUsage(database, subscription, { at: subscription.anchorAt, quantity: '350' });
    pass(31 * DAY_MS + 2 * HOUR_MS);
    const { closed } = await closeDuePeriods(database.context, { graceMs: HOUR_MS });
    const invoiceId = closed[0]!.invoiceId!;
    await rows(`DELETE FROM outbox WHERE job_name = 'collect-invoice'`);
    pass(10 * DAY_MS);
    expect((await work()).done).toEqual([]);
    pass(2 * DAY_MS);
    expect((await work()).done).toEqual(['remind']);
    pass(3 * DAY_MS);
    expect((await markPastDue(database.context)).map(({ id }) => id)).toEqual([invoiceId]);
    expect((await work()).done).toEqual(['begin']);
    pass(3 * DAY_MS);
    expect((await work()).done).toEqual(['remind', 'warn', 'remind', 'suspend']);
    expect(await statusOf(subscription)).toBe('suspended');
    expect(written).toEqual(
      ['due', 'failed', 'failed', 'warning', 'failed', 'suspended'].map((kind) => `${kind} $3.50`),
    );
    expect((await findInvoice(database.context, { invoiceId })).payments).toEqual([]);
    const { id: transferId } = await recordTransfer(database.context, {
      pays: { invoiceId },
      currency: 'USD',
      amountMinor: 350n,
      valueDate: database.clock.now().toISOString().slice(0, 10),
      reference: 'February',
      sender: 'Ada',
      insist: false,
      actor: { kind: 'system', id: null },
    });
    expect((await work()).done).toEqual(['end']);
    expect(await statusOf(subscription)).toBe('active');
    // It was the transfer of somebody else: all of it begins anew, and the grace with it.
    await reverseTransfer(database.context, { transferId, reason: 'Of another payer.', actor });
    expect((await work()).done).toEqual(['begin']);
    expect(await statusOf(subscription)).toBe('past_due');
    pass(3 * DAY_MS);
    expect((await work()).done).toEqual(['remind', 'warn', 'remind', 'suspend']);
    expect(await statusOf(subscription)).toBe('suspended');
  });

  it('reminds of the rest of an invoice that a transfer has paid in part, charges no card, and suspends after the grace', async () => {
    const { subscription, invoiceId } = await anUnpaidInvoice();
    await work();
    await recordTransfer(database.context, {
      pays: { invoiceId },
      currency: 'USD',
      amountMinor: 1n,
      valueDate: database.clock.now().toISOString().slice(0, 10),
      reference: 'One cent',
      sender: 'Ada',
      insist: false,
      actor,
    });
    expect(await overview(invoiceId)).toMatchObject({ dueMinor: 349n, outlook: { nextRetryAt: null } });
    pass(DAY_MS);
    expect((await work()).done).toEqual(['remind']);
    // A new card is not charged a part, and leaves no attempt to wait for.
    await collection.saveCard(subscription.organizationId, cards.good);
    await collection.settle();
    pass(2 * DAY_MS);
    expect((await work()).done).toEqual(['warn', 'remind', 'suspend']);
    expect(await statusOf(subscription)).toBe('suspended');
    expect(
      (await findInvoice(database.context, { invoiceId })).payments.map(({ method, state }) => [method, state]),
    ).toEqual([
      ['card', 'failed'],
      ['transfer', 'succeeded'],
    ]);
  });

  it('keeps the subscriptions suspended until the last invoice that suspended them is settled', async () => {
    const { subscription, invoiceId } = await anUnpaidInvoice();
    await work();
    // The next period ends while nothing is paid.
    pass(31 * DAY_MS);
    await closeDuePeriods(database.context, { graceMs: HOUR_MS });
    await collection.settle();
    await work();
    pass(4 * DAY_MS);
    await work();
    const open = await rows<{ id: string }>(
      `SELECT id FROM invoice WHERE organization_id = $1 AND state = 'past_due' ORDER BY id`,
      [subscription.organizationId],
    );
    expect(open.length).toBe(2);
    await rows(`UPDATE invoice SET state = 'void' WHERE id = $1`, [invoiceId]);
    expect((await work()).done).toEqual(['end']);
    expect(await statusOf(subscription)).toBe('suspended');
    await settleAll();
    expect((await work()).done).toEqual(['end']);
    expect(await statusOf(subscription)).toBe('active');
  });
});
