import {
  closeDuePeriods,
  collectInvoice,
  decideOnRefund,
  findInvoice,
  issueCreditNote,
  listFoundRefunds,
  listInvoices,
  markPastDue,
  markUncollectible,
  proposeFoundRefund,
  proposeRefund,
  readDisputes,
  readReceivables,
  reconcileRefunds,
  recordFees,
  recordTransfer,
  resolveDispute,
  retryCollection,
  verifyLedger,
  voidInvoice,
} from '#services';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SubscriptionRow, aPlanDefinition, aSubscription, addUsage } from '../../support/billing-rows.js';
import { Collection, cards, collectionProvider } from '../../support/collection.js';
import { CrashingUnitOfWork } from '../../support/crashing-unit-of-work.js';
import { type TestDatabase, createTestDatabase, tamper } from '../../support/database.js';
import { CrashingProxy } from '../../support/stripe-sandbox/crashing-proxy.js';

const finance = { kind: 'user', id: 'finance' } as const;
const another = { kind: 'user', id: 'another' } as const;

describe('invoices below the least that is charged', () => {
  let database: TestDatabase;
  let collection: Collection;
  let subscription: SubscriptionRow;
  beforeEach(async () => {
    database = await createTestDatabase('2026-01-15T00:00:00Z');
    collection = await Collection.start(database);
    subscription = await aSubscriptionIn('USD', '0.01');
    await collection.saveCard(subscription.organizationId, cards.good);
  });
  afterEach(async () => {
    await collection[Symbol.asyncDispose]();
    await database.dispose();
  });

  const aSubscriptionIn = (currency: string, unitAmount: string) =>
    aSubscription(database, {
      definition: aPlanDefinition({
        currency,
        fixedFee: '0',
        prices: [{ meter: 'requests', included: '0', price: { model: 'per_unit', unitAmount } }],
      }),
    });
  const rows = <Row>(sql: string) => database.unitOfWork.inSystem((transaction) => transaction.query<Row>(sql));
  const invoiceOf = (invoiceId: string) => findInvoice(database.context, { invoiceId });
  const stateOf = async (invoiceId: string) => {
    const { state, paidMinor, carriedInMinor, collectedWith, payments } = await invoiceOf(invoiceId);
    return { state, paidMinor, carriedInMinor, with: collectedWith?.id ?? null, payments: payments.length };
  };
  /** Closes the month that began on the 15th of `month`, with so many units of usage. */
  const close = async (month: number, quantity: string) => {
    await addUsage(database, subscription, { at: new Date(Date.UTC(2026, month - 1, 15)), quantity });
    database.clock.moveTo(new Date(Date.UTC(2026, month, 15, 2)));
    const { closed } = await closeDuePeriods(database.context, { graceMs: 3_600_000 });
    return closed[0]!.invoiceId!;
  };
  const bill = async (month: number, quantity: string) => {
    const invoiceId = await close(month, quantity);
    await collection.settle();
    return invoiceId;
  };
  const differences = async () => {
    const { checks } = await verifyLedger(database.context, { provider: collection.provider });
    return checks
      .filter(({ name }) => name !== 'events')
      .flatMap(({ difference, more = [] }) => (difference ? [difference, ...more] : []));
  };
  const charges = async () =>
    rows<{ id: string; sum: string }>(
      `SELECT provider_payment_id AS id, sum(amount_minor) AS sum FROM payment WHERE method = 'card' AND state = 'succeeded' GROUP BY 1 ORDER BY min(id::text)`,
    );

  it('wait for the next, join the one that brings them to it, and are paid by its charge', async () => {
    const first = await bill(1, '20');
    expect(await invoiceOf(first)).toMatchObject({
      state: 'issued',
      number: 'INV-000001',
      totalMinor: 20n,
      carriedAt: new Date('2026-02-15T02:00:00Z'),
      providerInvoiceId: null,
      collectedWith: null,
    });
    const second = await bill(2, '15');
    expect(await stateOf(second)).toEqual({
      state: 'issued',
      paidMinor: 0n,
      carriedInMinor: 0n,
      with: null,
      payments: 0,
    });
    expect(await collection.countEvents('invoice.created')).toBe(0);
    expect(await markPastDue(database.context)).toEqual([]);
    expect((await readReceivables(database.context)).receivables[0]).toMatchObject({
      openMinor: 35n,
      carriedMinor: 35n,
      leftMinor: 35n,
    });
    expect(await differences()).toEqual([]);

    const third = await bill(3, '65');
    expect(await stateOf(third)).toEqual({
      state: 'paid',
      paidMinor: 65n,
      carriedInMinor: 35n,
      with: null,
      payments: 1,
    });
    expect(await stateOf(first)).toEqual({
      state: 'paid',
      paidMinor: 20n,
      carriedInMinor: 0n,
      with: third,
      payments: 1,
    });
    expect(await stateOf(second)).toEqual({
      state: 'paid',
      paidMinor: 15n,
      carriedInMinor: 0n,
      with: third,
      payments: 1,
    });
    const lead = await invoiceOf(third);
    expect(lead.carriedInvoices).toEqual([
      { id: first, number: 'INV-000001', amountMinor: 20n },
      { id: second, number: 'INV-000002', amountMinor: 15n },
    ]);
    const provided = await collection.provider.retrieveInvoice(lead.providerInvoiceId!);
    expect(provided).toMatchObject({ totalMinor: 100n, status: 'paid', number: 'INV-000003' });
    expect(provided.lines).toContainEqual({ lineId: `${third}-carried`, amountMinor: 35n });
    expect(await charges()).toEqual([{ id: lead.payments[0]!.providerPaymentId, sum: '100' }]);
    expect(await readReceivables(database.context)).toEqual({ receivables: [], next: null });
    expect(await recordFees(database.context, collection.provider)).toBe(1);
    expect(await rows('SELECT invoice_id, amount_minor FROM provider_fee')).toEqual([
      { invoice_id: third, amount_minor: '33' },
    ]);
    expect(await differences()).toEqual([]);
    expect(await collectInvoice(database.context, collection.provider, first)).toMatchObject({
      outcome: 'nothing_to_do',
    });
    // The next one starts from nothing.
    expect(await stateOf(await bill(4, '60'))).toMatchObject({ state: 'paid', carriedInMinor: 0n });
  });

  it('stay open while the charge fails, and are paid with the next attempt', async () => {
    await collection.saveCard(subscription.organizationId, cards.declined);
    const first = await bill(1, '49');
    const second = await bill(2, '1');
    expect(await stateOf(second)).toMatchObject({ state: 'past_due', paidMinor: 0n, carriedInMinor: 49n, payments: 1 });
    expect(await stateOf(first)).toEqual({
      state: 'issued',
      paidMinor: 0n,
      carriedInMinor: 0n,
      with: second,
      payments: 0,
    });
    expect(await markPastDue(database.context)).toEqual([]);
    expect(await differences()).toEqual([]);
    await expect(
      voidInvoice(database.context, { invoiceId: first, reason: 'x', reissue: false, actor: finance }),
    ).rejects.toThrow(expect.objectContaining({ code: 'invoice_joined' }));
    await expect(
      issueCreditNote(database.context, { invoiceId: first, lines: null, reason: 'x', actor: finance }),
    ).rejects.toThrow(expect.objectContaining({ code: 'invoice_joined' }));
    // What comes later has its own fate: it does not join a charge that has failed.
    const third = await bill(3, '10');
    expect(await stateOf(third)).toMatchObject({ state: 'issued', with: null });
    await collection.saveCard(subscription.organizationId, cards.good);
    await retryCollection(database.context, collection.provider, { organizationId: subscription.organizationId });
    await collection.settle();
    expect(await stateOf(second)).toMatchObject({ state: 'paid', paidMinor: 1n, carriedInMinor: 49n });
    expect(await stateOf(first)).toMatchObject({ state: 'paid', paidMinor: 49n, with: second });
    expect(await stateOf(third)).toMatchObject({ state: 'issued', with: null });
    expect(await differences()).toEqual([]);
  });

  it('leave when they are made void or credited before, and are released by one that becomes void', async () => {
    const [first, second, third] = [await bill(1, '20'), await bill(2, '14'), await bill(3, '15')];
    await voidInvoice(database.context, { invoiceId: first, reason: 'A mistake.', reissue: false, actor: finance });
    await issueCreditNote(database.context, { invoiceId: second, lines: null, reason: 'Sorry.', actor: finance });
    await collection.settle();
    expect(await stateOf(second)).toMatchObject({ state: 'paid', paidMinor: 0n });
    expect(await collection.countEvents('invoice.created')).toBe(0);
    await collection.saveCard(subscription.organizationId, cards.declined);
    const fourth = await bill(4, '100');
    expect(await stateOf(fourth)).toMatchObject({ state: 'past_due', carriedInMinor: 15n });
    await voidInvoice(database.context, { invoiceId: fourth, reason: 'A mistake.', reissue: false, actor: finance });
    await collection.settle();
    expect(await stateOf(third)).toMatchObject({ state: 'issued', with: null });
    expect(await differences()).toEqual([]);
    await collection.saveCard(subscription.organizationId, cards.good);
    const fifth = await bill(5, '100');
    expect(await stateOf(fifth)).toMatchObject({ state: 'paid', carriedInMinor: 15n });
    expect(await stateOf(third)).toMatchObject({ state: 'paid', with: fifth });
    expect(await differences()).toEqual([]);
  });

  it('wait again when the one that they joined is paid by transfer, and can be paid so or given up', async () => {
    await collection.saveCard(subscription.organizationId, cards.declined);
    const [first, second] = [await bill(1, '20'), await bill(2, '100')];
    const transfer = (invoiceId: string, amountMinor: bigint) =>
      recordTransfer(database.context, {
        pays: { invoiceId },
        currency: 'USD',
        amountMinor,
        valueDate: '2026-03-15',
        reference: invoiceId,
        sender: 'Ada',
        insist: false,
        actor: finance,
      });
    await transfer(second, 100n);
    await collection.settle();
    expect(await stateOf(second)).toMatchObject({ state: 'paid', paidMinor: 100n, carriedInMinor: 20n });
    expect(await stateOf(first)).toMatchObject({ state: 'issued', with: null });
    expect(await differences()).toEqual([]);
    await transfer(first, 20n);
    await collection.settle();
    expect(await stateOf(first)).toMatchObject({ state: 'paid', paidMinor: 20n });
    const third = await bill(3, '30');
    await markUncollectible(database.context, { invoiceId: third, reason: 'They left.', actor: finance });
    await collection.settle();
    expect(await stateOf(third)).toMatchObject({ state: 'uncollectible' });
    expect((await readReceivables(database.context)).receivables[0]).toMatchObject({
      writtenOffMinor: 30n,
      openMinor: 0n,
      carriedMinor: 0n,
    });
    expect(await differences()).toEqual([]);
  });

  it('are disputed with the charge, each over its part, and refunded from it', async () => {
    await collection.saveCard(subscription.organizationId, cards.disputes);
    const [first, second] = [await bill(1, '20'), await bill(2, '100')];
    collection.letPass(4_000);
    await collection.settle();
    const disputes = await readDisputes(database.context, {}, { before: null, limit: 10 });
    expect(new Map(disputes.map(({ invoiceId, amountMinor }) => [invoiceId, amountMinor]))).toEqual(
      new Map([
        [first, 20n],
        [second, 100n],
      ]),
    );
    expect(await differences()).toEqual([]);
    const body = new URLSearchParams({ dispute: disputes[0]!.providerDisputeId, outcome: 'lost' });
    await fetch(`${collection.client.url}/control/decide`, { method: 'POST', body, redirect: 'manual' });
    await collection.settle();
    for (const { id: disputeId } of disputes)
      await resolveDispute(database.context, { disputeId, resolution: 'reopened', reason: 'Owed.', actor: finance });
    await collection.settle();
    expect(await stateOf(first)).toMatchObject({ state: 'past_due', paidMinor: 0n });
    expect(await stateOf(second)).toMatchObject({ state: 'past_due', paidMinor: 0n });
    expect(await differences()).toEqual([]);
  });

  it('are refunded of the charge that paid them', async () => {
    const [first, second] = [await bill(1, '20'), await bill(2, '100')];
    const { id: proposalId } = await proposeRefund(database.context, {
      invoiceId: first,
      lines: null,
      reason: 'Sorry.',
      actor: finance,
    });
    await decideOnRefund(database.context, { proposalId, decision: 'approved', actor: another });
    await collection.settle();
    const { providerPaymentId } = (await invoiceOf(second)).payments[0]!;
    expect(await collection.provider.listRefunds(providerPaymentId!)).toMatchObject([
      { amountMinor: 20n, state: 'succeeded' },
    ]);
    expect((await invoiceOf(first)).refunds).toMatchObject([
      { amountMinor: 20n, state: 'succeeded', providerCreditNoteId: expect.any(String) },
    ]);
    expect(await differences()).toEqual([]);
  });

  it('are refunded in their order by one refund that somebody makes at the provider, each by a credit note', async () => {
    const [first, second] = [await bill(1, '20'), await bill(2, '100')];
    const payment_intent = (await invoiceOf(second)).payments[0]!.providerPaymentId!;
    const refundThere = async (amount: number) => {
      const { body } = await collection.client.post('/v1/refunds', { payment_intent, amount });
      await collection.settle();
      return String(body['id']);
    };
    const parts = async () =>
      (await listFoundRefunds(database.context))
        .map(({ invoiceId, amountMinor }) => `${amountMinor} of the ${invoiceId === first ? 'first' : 'second'}`)
        .toSorted();
    const record = async (providerRefundId: string, invoiceId: string) => {
      const proposed = { providerRefundId, invoiceId, reason: 'By phone.', actor: finance };
      const { id: proposalId } = await proposeFoundRefund(database.context, proposed);
      await decideOnRefund(database.context, { proposalId, decision: 'approved', actor: another });
      await collection.settle();
    };
    const one = await refundThere(90);
    expect(await parts()).toEqual(['90 of the second']);
    // Of the one that was charged ten are left.
    const two = await refundThere(25);
    const three = await refundThere(5);
    expect(await parts()).toEqual(['10 of the second', '15 of the first', '5 of the first', '90 of the second']);
    await reconcileRefunds(database.context, collection.provider);
    expect(await parts()).toHaveLength(4);
    await record(one, second);
    await record(two, first);
    // A part that is left is a difference; what is recorded is no more listed.
    expect(await parts()).toEqual(['10 of the second', '5 of the first']);
    expect((await differences()).map(({ row }) => row)).toEqual(
      expect.arrayContaining([`refund ${two} at the provider`, `refund ${three} at the provider`]),
    );
    await record(two, second);
    await record(three, first);
    expect(await parts()).toEqual([]);
    expect((await invoiceOf(second)).refunds).toMatchObject([{ amountMinor: 90n }, { amountMinor: 10n }]);
    expect((await invoiceOf(first)).refunds).toMatchObject([{ amountMinor: 15n }, { amountMinor: 5n }]);
    for (const invoiceId of [first, second])
      for (const refund of (await invoiceOf(invoiceId)).refunds)
        expect(refund).toMatchObject({ state: 'succeeded', providerCreditNoteId: expect.any(String) });
    expect(await differences()).toEqual([]);
  });

  it('are owed, page by page, by those who owe the most first', async () => {
    const other = await aSubscriptionIn('EUR', '0.01');
    const third = await aSubscriptionIn('USD', '0.01');
    for (const [one, quantity] of [
      [subscription, '10'],
      [other, '20'],
      [third, '10'],
    ] as const)
      await addUsage(database, one, { at: new Date('2026-01-15T00:00:00Z'), quantity });
    database.clock.moveTo('2026-02-15T02:00:00Z');
    await closeDuePeriods(database.context, { graceMs: 3_600_000 });
    await collection.settle();
    const owed: [string, bigint][] = [];
    for (let after: Awaited<ReturnType<typeof readReceivables>>['next'] = null; ;) {
      const page = await readReceivables(database.context, { after, limit: 1 });
      owed.push(
        ...page.receivables.map(({ organizationId, openMinor }) => [organizationId, openMinor] as [string, bigint]),
      );
      after = page.next;
      if (after === null) break;
    }
    expect(owed).toEqual([
      [other.organizationId, 20n],
      [subscription.organizationId, 10n],
      [third.organizationId, 10n],
    ]);
  });

  it('are disputed over what was not refunded of each', async () => {
    await collection.saveCard(subscription.organizationId, cards.disputes);
    const [first, second] = [await bill(1, '20'), await bill(2, '100')];
    const { id: proposalId } = await proposeRefund(database.context, {
      invoiceId: second,
      lines: null,
      reason: 'Sorry.',
      actor: finance,
    });
    await decideOnRefund(database.context, { proposalId, decision: 'approved', actor: another });
    await collection.settle();
    collection.letPass(4_000);
    await collection.settle();
    const disputes = await readDisputes(database.context, {}, { before: null, limit: 10 });
    expect(disputes.map(({ invoiceId, amountMinor }) => [invoiceId, amountMinor])).toEqual([[first, 20n]]);
    expect(await differences()).toEqual([]);
  });

  it('are charged once, wherever the provider or the database is cut off in between', async () => {
    await using proxy = await CrashingProxy.start(collection.client.url);
    const flaky = collectionProvider(proxy.url);
    const first = await bill(1, '20');
    const second = await close(2, '100');
    for (let at = 1; at <= 14; at++) {
      proxy.reset((_, count) => (count === at ? (at % 2 === 0 ? 'before' : 'after') : undefined));
      await collectInvoice(database.context, flaky, second).catch(() => undefined);
    }
    proxy.reset();
    await collection.settle();
    expect(await stateOf(second)).toMatchObject({ state: 'paid', paidMinor: 100n, carriedInMinor: 20n });
    expect(await stateOf(first)).toMatchObject({ state: 'paid', paidMinor: 20n });
    expect((await charges()).map(({ sum }) => sum)).toEqual(['120']);
    expect(await collection.countEvents('invoice.paid')).toBe(1);

    const third = await bill(3, '30');
    const fourth = await close(4, '70');
    await rows('DELETE FROM outbox');
    for (let statement = 1; ; statement++) {
      const unitOfWork = new CrashingUnitOfWork(database, {
        statement,
        when: statement % 2 === 0 ? 'before' : 'after',
      });
      await collectInvoice({ ...database.context, unitOfWork }, collection.provider, fourth).catch(() => undefined);
      if (!unitOfWork.hasCrashed) break;
    }
    await collection.settle();
    expect(await stateOf(fourth)).toMatchObject({ state: 'paid', paidMinor: 70n, carriedInMinor: 30n });
    expect(await stateOf(third)).toMatchObject({ state: 'paid', paidMinor: 30n, with: fourth });
    expect((await charges()).map(({ sum }) => sum).toSorted()).toEqual(['100', '120']);
    expect(await differences()).toEqual([]);
  });

  it('join one only, whoever collects several at the same time', async () => {
    const first = await bill(1, '20');
    const [second, third] = [await close(2, '100'), await close(3, '100')];
    await Promise.allSettled(
      [second, third, second, third].map((id) => collectInvoice(database.context, collection.provider, id)),
    );
    await collection.settle();
    const { invoices } = await listInvoices(database.context);
    expect(invoices.map(({ state }) => state)).toEqual(['paid', 'paid', 'paid']);
    expect(invoices.reduce((sum, { carriedInMinor }) => sum + carriedInMinor, 0n)).toBe(20n);
    expect([second, third]).toContain((await stateOf(first)).with);
    expect(await differences()).toEqual([]);
  });

  it.each([
    ['JPY', '1', '49', '1', 49n, 50n],
    ['KWD', '0.010', '4', '1', 40n, 50n],
  ])('are those of their currency: %s', async (currency, unitAmount, small, more, carriedMinor, chargedMinor) => {
    subscription = await aSubscriptionIn(currency, unitAmount);
    await collection.saveCard(subscription.organizationId, cards.good);
    await close(1, small);
    await collection.settle();
    const { invoices } = await listInvoices(database.context, { organizationId: subscription.organizationId });
    expect(invoices).toMatchObject([{ state: 'issued', totalMinor: carriedMinor, carriedAt: expect.any(Date) }]);
    await addUsage(database, subscription, { at: new Date('2026-02-16T00:00:00Z'), quantity: more });
    database.clock.moveTo('2026-03-15T02:00:00Z');
    await closeDuePeriods(database.context, { graceMs: 3_600_000 });
    await collection.settle();
    expect(await charges()).toMatchObject([{ sum: chargedMinor.toString() }]);
    expect(await differences()).toEqual([]);
  });

  it('are proven: another amount than joined, or one that was left behind, is a difference', async () => {
    const [first, second] = [await bill(1, '20'), await bill(2, '100')];
    await tamper(database, `UPDATE invoice SET joined_minor = 19 WHERE id = '${first}'`);
    expect(await differences()).toMatchObject([
      {
        check: 'receivables',
        row: `invoice ${second}`,
        expected: expect.stringContaining('19'),
        actual: expect.stringContaining('20'),
      },
    ]);
    await tamper(database, `UPDATE invoice SET joined_minor = 20 WHERE id = '${first}'`);
    expect(await differences()).toEqual([]);
    await tamper(database, `UPDATE invoice SET joins_invoice_id = NULL, joined_minor = NULL WHERE id = '${first}'`);
    expect(await differences()).toMatchObject([{ check: 'provider', expected: expect.stringContaining('payments') }]);
  });

  it('are guarded by the database', async () => {
    const [first, second] = [await bill(1, '20'), await bill(2, '100')];
    const third = await bill(3, '20');
    for (const [sql, message] of [
      [`UPDATE invoice SET carried_at = NULL WHERE id = '${first}'`, 'decided once'],
      [`UPDATE invoice SET carried_in_minor = 21 WHERE id = '${second}'`, 'carried into it'],
      [`UPDATE invoice SET joins_invoice_id = NULL, joined_minor = NULL WHERE id = '${first}'`, 'cannot join'],
      [`UPDATE invoice SET joins_invoice_id = '${second}', joined_minor = 20 WHERE id = '${third}'`, 'cannot join'],
      [`UPDATE invoice SET asked_at = now() WHERE id = '${third}'`, 'invoice_carried_or_asked'],
    ])
      await expect(rows(sql!)).rejects.toThrow(message);
  });
});
