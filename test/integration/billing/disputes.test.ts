import {
  type PaymentAlarms,
  closeDuePeriods,
  decideOnDispute,
  findDunning,
  findInvoice,
  proposeRefund,
  readDisputeStandings,
  readDisputes,
  reconcileDisputes,
  recordFees,
  recordTransfer,
  reportTable,
  resolveDispute,
  runDunning,
  verifyLedger,
  writeTable,
} from '#services';
import { DEFAULT_DUNNING_POLICY } from '#domain';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SubscriptionRow, aPlanDefinition, aSubscription } from '../../support/billing-rows.js';
import { Collection, cards } from '../../support/collection.js';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';
import { drain } from '../../support/drain.js';
import { dataOf } from '../../support/stripe-sandbox/sandbox-client.js';

const HOUR = 3_600_000;
const ada = { kind: 'user', id: 'ada' } as const;
const grace = { kind: 'user', id: 'grace' } as const;

describe('a disputed payment', () => {
  let database: TestDatabase;
  let collection: Collection;
  let subscription: SubscriptionRow;
  beforeEach(async () => {
    database = await createTestDatabase('2026-02-01T00:00:00Z');
    collection = await Collection.start(database);
    subscription = await aSubscription(database, { definition: aPlanDefinition({ fixedFee: '5.00' }) });
  });
  afterEach(async () => {
    await collection[Symbol.asyncDispose]();
    await database.dispose();
  });

  const rows = <Row>(sql: string, parameters: readonly unknown[] = []) =>
    database.unitOfWork.inSystem((transaction) => transaction.query<Row>(sql, parameters));
  const bill = async (card: string = cards.good) => {
    await collection.saveCard(subscription.organizationId, card);
    database.clock.moveTo('2026-03-01T01:00:00Z');
    const { closed } = await closeDuePeriods(database.context, { graceMs: HOUR });
    await collection.settle();
    return findInvoice(database.context, { invoiceId: closed[0]!.invoiceId! });
  };
  const disputed = async (card: string = cards.disputes) => {
    const invoice = await bill(card);
    collection.letPass(4_000);
    await collection.settle();
    return invoice;
  };
  const read = (invoiceId: string) => findInvoice(database.context, { invoiceId });
  const dispute = async () => (await readDisputes(database.context, {}, { before: null, limit: 10 }))[0]!;
  const decide = async (outcome: 'won' | 'lost') => {
    const body = new URLSearchParams({ dispute: (await dispute()).providerDisputeId, outcome });
    await fetch(`${collection.client.url}/control/decide`, { method: 'POST', body, redirect: 'manual' });
    await collection.settle();
  };
  const differences = async () => {
    const { checks } = await verifyLedger(database.context, { provider: collection.provider });
    return checks.flatMap(({ difference, more = [] }) => (difference ? [difference, ...more] : []));
  };
  const balances = async () => {
    const pieces = await drain(
      writeTable(reportTable(database.context, 'journal-entries', {}), 'ndjson', database.clock.now()),
    );
    const postings = pieces
      .join('')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { account: string; debit: string | null; credit: string | null });
    const sums = new Map<string, number>();
    for (const { account, debit, credit } of postings)
      sums.set(account, (sums.get(account) ?? 0) + Math.round(100 * (Number(debit ?? 0) - Number(credit ?? 0))));
    return Object.fromEntries([...sums].filter(([, sum]) => sum !== 0));
  };
  const revenue = { fixed_fee_revenue: -500 };
  const suspension = async () => {
    const [row] = await rows<{ suspended_for: string[] }>(`SELECT suspended_for FROM subscription`);
    return row!.suspended_for;
  };

  it('marks its invoice, is told to staff, keeps the money apart in the books, and is settled when it is won', async () => {
    const invoice = await disputed();
    expect(await read(invoice.id)).toMatchObject({ state: 'paid', isDisputed: true });
    expect(await dispute()).toMatchObject({
      invoiceId: invoice.id,
      invoiceNumber: invoice.number,
      state: 'needs_response',
      reason: 'fraudulent',
      amountMinor: 500n,
      isInquiry: false,
      providerUrl: `${collection.client.url}/control`,
      evidenceDueAt: expect.any(Date),
      withdrawnAt: expect.any(Date),
    });
    expect(await balances()).toEqual({ ...revenue, disputed_funds: 500 });
    expect(await differences()).toEqual([]);
    await expect(
      proposeRefund(database.context, { invoiceId: invoice.id, lines: null, reason: 'Sorry', actor: ada }),
    ).rejects.toMatchObject({ code: 'refund_without_card' });
    const { disputeId, resolution, reason } = {
      disputeId: (await dispute()).id,
      resolution: 'reopened',
      reason: 'x',
    } as const;
    await expect(resolveDispute(database.context, { disputeId, resolution, reason, actor: ada })).rejects.toMatchObject(
      { code: 'dispute_not_lost' },
    );
    expect(await suspension()).toEqual([]);

    expect(await readDisputeStandings(database.context)).toEqual([
      { currency: 'USD', waitsFor: 'evidence', count: 1, amountMinor: 500n, evidenceDueAt: expect.any(Date) },
    ]);
    await decide('won');
    expect(await readDisputeStandings(database.context)).toEqual([]);
    expect(await dispute()).toMatchObject({ state: 'won', reinstatedAt: expect.any(Date) });
    expect(await read(invoice.id)).toMatchObject({ state: 'paid', isDisputed: false, chargedBackMinor: 0n });
    expect(await balances()).toEqual({ ...revenue, clearing: 500 });
    const { history } = await findDunning(database.context, DEFAULT_DUNNING_POLICY, invoice.id);
    expect(history.map(({ kind, note }) => [kind, note])).toEqual([
      ['disputed', 'Over $5.00: fraudulent'],
      ['dispute_closed', '$5.00: won'],
    ]);
    expect(await differences()).toEqual([]);
  });

  it('costs fees, which are in the books, and that of the dispute comes back when it is won', async () => {
    expect(await recordFees(database.context, collection.provider)).toBe(0);
    await disputed();
    const { provider } = collection;
    const breaksOff = {
      async *listFees(from: Date, to: Date | null) {
        for await (const fee of provider.listFees(from, to)) {
          yield fee;
          throw new Error('the provider went away');
        }
      },
    };
    await expect(
      recordFees(database.context, Object.setPrototypeOf(breaksOff, provider) as typeof provider),
    ).rejects.toThrow('went away');
    // 45 cents of the charge, fifteen dollars of the dispute; none was written down alone.
    expect(await recordFees(database.context, collection.provider)).toBe(2);
    expect(await recordFees(database.context, collection.provider)).toBe(0);
    expect(await balances()).toEqual({ ...revenue, disputed_funds: 500, provider_fees: 1_545, clearing: -1_545 });
    await decide('won');
    expect(await recordFees(database.context, collection.provider)).toBe(1);
    expect(await balances()).toEqual({ ...revenue, provider_fees: 45, clearing: 455 });
    await expect(rows(`DELETE FROM provider_fee`)).rejects.toThrow('permission denied');
    await expect(rows(`UPDATE provider_fee SET amount_minor = 1`)).rejects.toThrow('permission denied');
    expect(await differences()).toEqual([]);
  });

  it('that is lost is due again by the choice of finance, dunned without a card, and paid by transfer', async () => {
    const invoice = await disputed();
    await decide('lost');
    expect(await balances()).toEqual({ ...revenue, disputed_funds: 500 });
    expect(await readDisputeStandings(database.context)).toMatchObject([{ waitsFor: 'decision', evidenceDueAt: null }]);
    expect(await differences()).toEqual([]);
    const { id: disputeId } = await dispute();
    const input = { disputeId, resolution: 'reopened', reason: 'They used it', actor: ada } as const;
    await expect(resolveDispute(database.context, { ...input, reason: ' ' })).rejects.toMatchObject({
      code: 'dispute_reason_missing',
    });
    await resolveDispute(database.context, input);
    await expect(resolveDispute(database.context, input)).rejects.toMatchObject({ code: 'dispute_resolved' });
    await collection.settle();
    expect(await read(invoice.id)).toMatchObject({
      state: 'past_due',
      paidMinor: 0n,
      chargedBackMinor: 500n,
      failureCode: 'charged_back',
      payments: [{ method: 'card' }, { method: 'chargeback', amountMinor: -500n }],
    });
    expect(await balances()).toEqual({ ...revenue, receivables: 500 });
    expect(await differences()).toEqual([]);
    await expect(rows(`UPDATE invoice SET charged_back_minor = 0`)).rejects.toThrow(/was not charged back/);

    const mails: string[] = [];
    const mail = (notice: { readonly isTransfer: boolean }) => {
      mails.push(notice.isTransfer ? 'transfer' : 'card');
      return { subject: 's', text: 't', html: 'h' };
    };
    const every = { transferDue: mail, paymentFailed: mail, suspensionWarning: mail, accessSuspended: mail } as const;
    const policy = {
      policy: DEFAULT_DUNNING_POLICY,
      mails: { ...every, accessRestored: mail, subscriptionsCanceled: mail },
    };
    const { done, failures } = await runDunning(database.context, collection.provider, policy);
    expect([done, failures, mails]).toEqual([[{ invoiceId: invoice.id, action: 'begin' }], [], ['transfer']]);
    await collection.saveCard(subscription.organizationId, cards.good);
    await collection.settle();
    expect(await collection.countEvents('charge.succeeded')).toBe(1);

    await recordTransfer(database.context, {
      currency: 'USD',
      amountMinor: 500n,
      valueDate: '2026-03-02',
      reference: 'BANK-1',
      sender: 'Ada Ltd',
      pays: { invoiceId: invoice.id },
      insist: false,
      actor: ada,
    });
    await collection.settle();
    expect(await read(invoice.id)).toMatchObject({ state: 'paid' });
    expect(await balances()).toEqual({ ...revenue, cash: 500 });
    expect(await differences()).toEqual([]);
  });

  it('that is lost is given up when two people say so, and comes back when the bank changes its mind', async () => {
    const invoice = await disputed();
    await decide('lost');
    const { id: disputeId } = await dispute();
    const propose = () =>
      resolveDispute(database.context, { disputeId, resolution: 'written_off', reason: 'Not worth it', actor: ada });
    const decision = (decided: 'approved' | 'refused', actor: typeof ada | typeof grace) =>
      decideOnDispute(database.context, { disputeId, decision: decided, actor });
    await expect(decision('approved', grace)).rejects.toMatchObject({ code: 'dispute_resolution_not_proposed' });
    await propose();
    await expect(propose()).rejects.toMatchObject({ code: 'dispute_resolution_proposed' });
    await expect(decision('approved', ada)).rejects.toMatchObject({ code: 'dispute_resolution_needs_another_person' });
    expect(await decision('refused', ada)).toMatchObject({ resolution: null });
    expect(await read(invoice.id)).toMatchObject({ state: 'paid' });
    await propose();
    const approvals = await Promise.allSettled([decision('approved', grace), decision('approved', grace)]);
    expect(approvals.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    await collection.settle();
    expect(await read(invoice.id)).toMatchObject({ state: 'uncollectible', chargedBackMinor: 500n });
    expect(await balances()).toEqual({ ...revenue, bad_debt: 500 });
    expect(await differences()).toEqual([]);
    await expect(rows(`UPDATE dispute SET decided_at = NULL, decided_by = NULL`)).rejects.toThrow(/was decided on/);

    const provider = await collection.provider.retrieveDispute((await dispute()).providerDisputeId);
    const changed = { ...provider, state: 'won', isWithdrawn: false } as const;
    const changing = Object.assign(Object.create(collection.provider) as typeof collection.provider, {
      listDisputes: async function* () {
        yield changed;
      },
    });
    expect(await reconcileDisputes(database.context, changing, null)).toBe(0);
    expect(await read(invoice.id)).toMatchObject({ state: 'paid', paidMinor: 500n, chargedBackMinor: 0n });
    expect(await balances()).toEqual({ ...revenue, clearing: 500 });
  });

  it('suspends only where its seller wants that, until it is over, and the alarm names it once', async () => {
    await rows(`UPDATE seller SET suspend_on_dispute = true`);
    const told: string[] = [];
    const none = () => ({ subject: '', text: '', html: '' });
    const alarms: PaymentAlarms = {
      invoiceHeld: none,
      usageRefused: none,
      refundFound: none,
      refundFailed: none,
      dispute: ({ what, invoice, amount }) => {
        told.push(`${what} ${invoice} ${amount}`);
        return { subject: 's', text: 't', html: 'h' };
      },
    };
    const invoice = await bill(cards.disputes);
    collection.letPass(4_000);
    // Its webhooks are lost: nobody works on them, and the poll finds it.
    await rows(`UPDATE webhook_inbox SET processed_at = received_at`);
    await collection.client.get('/v1/disputes');
    expect(await reconcileDisputes(database.context, collection.provider, alarms)).toBe(1);
    expect(await reconcileDisputes(database.context, collection.provider, alarms)).toBe(0);
    expect(told).toEqual([`opened ${invoice.number} $5.00`]);
    expect(await suspension()).toEqual(['payment']);
    await decide('lost');
    expect(await suspension()).toEqual(['payment']);
    await rows(`UPDATE seller SET suspend_on_dispute = false`);
    await reconcileDisputes(database.context, collection.provider, alarms);
    expect(await suspension()).toEqual([]);
  });

  it('is only an inquiry, moves no money then, and shuffled or repeated messages change nothing', async () => {
    const invoice = await disputed(cards.inquires);
    expect(await dispute()).toMatchObject({ isInquiry: true, state: 'needs_response', withdrawnAt: null });
    expect(await balances()).toEqual({ ...revenue, clearing: 500 });
    const path = `/v1/disputes/${(await dispute()).providerDisputeId}`;
    const older = await collection.provider.retrieveDispute((await dispute()).providerDisputeId);
    await collection.client.post(path, { 'evidence[uncategorized_text]': 'escalate_inquiry_evidence' });
    collection.letPass(4_000);
    await collection.settle();
    expect(await dispute()).toMatchObject({ isInquiry: false, state: 'needs_response', withdrawnAt: expect.any(Date) });
    const stale = Object.assign(Object.create(collection.provider) as typeof collection.provider, {
      listDisputes: async function* () {
        yield older;
      },
    });
    await reconcileDisputes(database.context, stale, null);
    expect(await dispute()).toMatchObject({ isInquiry: false });
    expect(dataOf(await collection.client.get('/v1/disputes'))).toHaveLength(1);
    expect(await read(invoice.id)).toMatchObject({ state: 'paid', isDisputed: true });
    expect(await differences()).toEqual([]);
    await rows(`UPDATE dispute SET state = 'under_review'`);
    expect(await differences()).toMatchObject([
      { row: `dispute ${older.providerDisputeId} at the provider`, expected: 'under_review, money taken' },
    ]);
  });
});
