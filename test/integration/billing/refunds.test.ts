import {
  closeDuePeriods,
  decideOnAdjustment,
  decideOnRefund,
  findCreditNoteDocument,
  findInvoice,
  issueCreditNote,
  type PaymentAlarms,
  listFoundRefunds,
  listRefundProposals,
  proposeFoundRefund,
  previewCreditNote,
  proposeAdjustment,
  proposeRefund,
  readBalance,
  reconcileRefunds,
  refundPayment,
  renderCreditNotePdf,
  reportTable,
  verifyLedger,
  writeTable,
} from '#services';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SubscriptionRow, aPlanDefinition, aSubscription } from '../../support/billing-rows.js';
import { Collection, cards } from '../../support/collection.js';
import { type TestDatabase, createTestDatabase, tamper } from '../../support/database.js';
import { drain } from '../../support/drain.js';
import { dataOf } from '../../support/stripe-sandbox/sandbox-client.js';

const HOUR = 3_600_000;
const ada = { kind: 'user', id: 'ada' } as const;
const grace = { kind: 'user', id: 'grace' } as const;

describe('a refund to the card', () => {
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
  const read = (invoiceId: string) => findInvoice(database.context, { invoiceId });
  const propose = (invoiceId: string, lines: Parameters<typeof proposeRefund>[1]['lines'] = null) =>
    proposeRefund(database.context, { invoiceId, lines, reason: 'Charged by mistake', actor: ada });
  const approve = (proposalId: string, actor: typeof ada | typeof grace = grace) =>
    decideOnRefund(database.context, { proposalId, decision: 'approved', actor });
  const balance = async () => {
    const { balances } = await readBalance(database.context, { organizationId: subscription.organizationId });
    return balances.map(({ amountMinor }) => amountMinor);
  };
  const differences = async () => {
    const { checks } = await verifyLedger(database.context, { provider: collection.provider });
    return checks.flatMap(({ difference }) => difference ?? []);
  };
  const report = async (name: 'payments' | 'journal-entries') => {
    const pieces = await drain(writeTable(reportTable(database.context, name, {}), 'ndjson', database.clock.now()));
    return pieces
      .join('')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, string | null>);
  };

  it('is proposed by one person and approved by another, and arrives with a credit note here and at the provider', async () => {
    const invoice = await bill();
    const lineId = invoice.lines[0]!.id;
    const proposal = await propose(invoice.id, [{ lineId, amountMinor: 120n }]);
    expect(proposal).toMatchObject({ state: 'proposed', amountMinor: 120n, creditedMinor: 120n });
    expect((await read(invoice.id)).creditNotes).toEqual([]);
    await expect(approve(proposal.id, ada)).rejects.toMatchObject({ code: 'refund_proposal_needs_another_person' });
    expect(await approve(proposal.id)).toMatchObject({ state: 'approved' });
    await expect(approve(proposal.id)).rejects.toMatchObject({ code: 'refund_proposal_decided' });
    expect((await read(invoice.id)).refunds).toMatchObject([{ state: 'pending', amountMinor: 120n }]);
    await collection.settle();

    const { creditNotes, refunds } = await read(invoice.id);
    expect(creditNotes).toMatchObject([{ number: 'INV-CN-000001', totalMinor: 120n, refundedMinor: 120n }]);
    expect(refunds).toMatchObject([{ state: 'succeeded', providerRefundId: expect.stringMatching(/^re_/) }]);
    const [noteAtProvider] = dataOf(
      await collection.client.get(`/v1/credit_notes?invoice=${(await read(invoice.id)).providerInvoiceId}`),
    );
    expect(noteAtProvider).toMatchObject({
      amount: 120,
      refunds: [{ refund: refunds[0]!.providerRefundId, amount_refunded: 120 }],
      metadata: { local_credit_note_id: creditNotes[0]!.id },
    });
    expect(await balance()).toEqual([]);
    expect(await listRefundProposals(database.context)).toMatchObject([
      { refundState: 'succeeded', invoiceNumber: invoice.number, lines: [{ lineId, amountMinor: 120n }] },
    ]);

    const rest = await propose(invoice.id);
    expect(rest).toMatchObject({ amountMinor: 380n });
    await decideOnRefund(database.context, { proposalId: rest.id, decision: 'refused', actor: ada });
    expect((await read(invoice.id)).creditNotes).toHaveLength(1);
    expect(await differences()).toEqual([]);

    expect((await report('payments')).map(({ kind, state, amount }) => [kind, state, amount])).toEqual([
      ['payment', 'succeeded', '5.00'],
      ['refund', 'succeeded', '-1.20'],
    ]);
    const journal = await report('journal-entries');
    expect(
      journal
        .filter(({ kind }) => kind === 'credit_note' || kind === 'refund')
        .map(({ account, debit, credit }) => [account, debit, credit]),
    ).toEqual([
      ['credit_notes', '1.20', null],
      ['refunds_payable', null, '1.20'],
      ['refunds_payable', '1.20', null],
      ['clearing', null, '1.20'],
    ]);
    const document = await findCreditNoteDocument(database.context, {
      invoiceId: invoice.id,
      creditNoteId: creditNotes[0]!.id,
    });
    expect(await renderCreditNotePdf(document)).toEqual(await renderCreditNotePdf(document));
  });

  it('takes no more of the card than it paid: the rest goes to the balance, whatever two people do at once', async () => {
    const { organizationId } = subscription;
    const gift = { organizationId, currency: 'USD', amountMinor: 300n, reason: 'A gift', actor: ada };
    const { id } = await proposeAdjustment(database.context, gift);
    await decideOnAdjustment(database.context, { adjustmentId: id, decision: 'approved', actor: grace });
    const invoice = await bill();
    expect(invoice).toMatchObject({ state: 'paid', balanceAppliedMinor: 300n, paidMinor: 200n });
    const lineId = invoice.lines[0]!.id;
    const lines = [{ lineId, amountMinor: 150n }];
    const preview = await previewCreditNote(database.context, { invoiceId: invoice.id, lines: null });
    expect(preview).toMatchObject({ totalMinor: 500n, reducedMinor: 0n, refundableMinor: 200n });
    const proposals = await Promise.all([1, 2, 3].map(() => propose(invoice.id, lines)));
    const decided = await Promise.allSettled(proposals.map((each) => approve(each.id)));
    const refused = decided.flatMap((each) => (each.status === 'rejected' ? [each.reason as { code: string }] : []));
    expect(refused.map(({ code }) => code)).toEqual(['refund_changed', 'refund_changed']);
    const last = await propose(invoice.id);
    expect(last).toMatchObject({ amountMinor: 50n, creditedMinor: 350n });
    await approve(last.id);
    await collection.settle();
    expect(await balance()).toEqual([300n]);
    expect((await read(invoice.id)).refunds.map(({ amountMinor }) => amountMinor)).toEqual([150n, 50n]);
    await expect(propose(invoice.id)).rejects.toMatchObject({ code: 'credit_note_invalid' });
    const more = `INSERT INTO refund (id, organization_id, invoice_id, credit_note_id, payment_id, proposal_id, currency,
        amount_minor, state, created_at)
      SELECT gen_random_uuid(), organization_id, invoice_id, credit_note_id, payment_id, proposal_id, currency, 1, 'pending',
        created_at FROM refund LIMIT 1`;
    await expect(rows(more)).rejects.toThrow(
      /over 1 cannot be of payment .* over 200, succeeded by card, with 200 refunded/,
    );
    await expect(rows(`UPDATE refund SET amount_minor = 1`)).rejects.toThrow(/it can only succeed or fail/);
    await expect(rows(`DELETE FROM refund`)).rejects.toThrow(/permission denied/);
    expect(await differences()).toEqual([]);
  });

  it('that its bank returns later is in the balance, once, and the books agree', async () => {
    const invoice = await bill(cards.refundFails);
    await approve((await propose(invoice.id)).id);
    await collection.settle();
    expect((await read(invoice.id)).refunds).toMatchObject([{ state: 'succeeded' }]);
    collection.letPass(6_000);
    expect(await reconcileRefunds(database.context, collection.provider)).toBe(1);
    await collection.settle();
    expect(await reconcileRefunds(database.context, collection.provider)).toBe(0);
    const { refunds, creditNotes } = await read(invoice.id);
    expect(refunds).toMatchObject([{ state: 'failed', failureCode: 'expired_or_canceled_card' }]);
    expect(await balance()).toEqual([500n]);
    expect(await rows(`SELECT action FROM audit_log WHERE noun = 'refund' ORDER BY id`)).toEqual([
      { action: 'succeeded' },
      { action: 'failed' },
    ]);
    expect(await differences()).toEqual([]);
    const journal = await report('journal-entries');
    const sums = Map.groupBy(journal, ({ entry }) => entry).values();
    for (const postings of sums)
      expect(postings.reduce((sum, { debit, credit }) => sum + Number(debit ?? 0) - Number(credit ?? 0), 0)).toBe(0);
    expect(journal.findLast(({ kind }) => kind === 'refund_failed')).toMatchObject({
      account: 'customer_balances',
      credit: '5.00',
    });
    const document = await findCreditNoteDocument(database.context, {
      invoiceId: invoice.id,
      creditNoteId: creditNotes[0]!.id,
    });
    expect(document.refund).toMatchObject({ state: 'failed' });
    await tamper(database, `DELETE FROM balance_entry WHERE kind = 'refund_failed'`);
    await tamper(database, `UPDATE balance SET amount_minor = 0`);
    expect((await differences())[0]).toMatchObject({ row: `refund ${refunds[0]!.id}` });
  });

  it('that the provider refuses fails at once and is in the balance', async () => {
    const invoice = await bill();
    const { providerPaymentId } = invoice.payments[0]!;
    await collection.client.post('/v1/refunds', { payment_intent: providerPaymentId!, amount: 450 });
    const lines = [{ lineId: invoice.lines[0]!.id, amountMinor: 100n }];
    await approve((await propose(invoice.id, lines)).id);
    await collection.settle();
    expect((await read(invoice.id)).refunds).toMatchObject([
      { state: 'failed', providerRefundId: null, failureMessage: expect.stringContaining('unrefunded amount') },
    ]);
    expect(await balance()).toEqual([100n]);
    expect(await differences()).toMatchObject([
      { expected: 'a refund of ours', actual: expect.stringMatching(/^450 succeeded, of payment pi_/) },
    ]);
  });

  it('that somebody made at the provider is found, told once, named by verify, and recorded by two people', async () => {
    const told: string[] = [];
    const mail = (words: string) => {
      told.push(words);
      return { subject: 's', text: 't', html: 'h' };
    };
    const alarms: PaymentAlarms = {
      invoiceHeld: () => mail('held'),
      usageRefused: () => mail('usage'),
      dispute: () => mail('dispute'),
      refundFound: ({ amount, invoice }) => mail(`found ${amount} ${invoice}`),
      refundFailed: ({ amount }) => mail(`failed ${amount}`),
    };
    const invoice = await bill();
    const { providerPaymentId } = invoice.payments[0]!;
    const made = await collection.client.post('/v1/refunds', { payment_intent: providerPaymentId!, amount: 150 });
    const providerRefundId = String(made.body['id']);
    // Its webhooks are lost: the poll finds it.
    await rows(`UPDATE webhook_inbox SET processed_at = received_at WHERE processed_at IS NULL`);
    for (let poll = 1; poll <= 2; poll++) await reconcileRefunds(database.context, collection.provider, alarms);
    expect(told).toEqual([`found $1.50 ${invoice.number}`]);
    expect(await listFoundRefunds(database.context)).toMatchObject([
      { providerRefundId, invoiceNumber: invoice.number, amountMinor: 150n, isProposed: false },
    ]);
    expect(await differences()).toMatchObject([{ row: `refund ${providerRefundId} at the provider` }]);
    const record = { providerRefundId, invoiceId: invoice.id, reason: 'Refunded by phone', actor: ada };
    const proposal = await proposeFoundRefund(database.context, record);
    expect(proposal).toMatchObject({ amountMinor: 150n, creditedMinor: 150n, providerRefundId });
    await expect(proposeFoundRefund(database.context, record)).rejects.toMatchObject({
      code: 'refund_proposal_waiting',
    });
    await expect(approve(proposal.id, ada)).rejects.toMatchObject({ code: 'refund_proposal_needs_another_person' });
    await approve(proposal.id);
    await collection.settle();
    const { creditNotes, refunds } = await read(invoice.id);
    expect(creditNotes).toMatchObject([{ totalMinor: 150n, refundedMinor: 150n }]);
    expect(refunds).toMatchObject([{ state: 'succeeded', providerRefundId }]);
    expect(dataOf(await collection.client.get(`/v1/refunds?payment_intent=${providerPaymentId}`))).toHaveLength(1);
    expect(await listFoundRefunds(database.context)).toEqual([]);
    expect(await balance()).toEqual([]);
    expect(await differences()).toEqual([]);
    await expect(proposeFoundRefund(database.context, record)).rejects.toMatchObject({ code: 'found_refund_recorded' });
  });

  it('is made once, whether the webhook or the job comes first, and however often', async () => {
    const invoice = await bill();
    await approve((await propose(invoice.id)).id);
    const [{ id }] = (await read(invoice.id)).refunds as unknown as [{ id: string }];
    await Promise.all([1, 2, 3].map(() => refundPayment(database.context, collection.provider, id)));
    await collection.settle();
    expect(await refundPayment(database.context, collection.provider, id)).toBe('succeeded');
    const { providerPaymentId } = invoice.payments[0]!;
    expect(dataOf(await collection.client.get(`/v1/refunds?payment_intent=${providerPaymentId}`))).toHaveLength(1);
    expect(await collection.countEvents('credit_note.created')).toBe(1);
    expect(await differences()).toEqual([]);
  });

  it('is only of what a card paid, and not after the money went another way', async () => {
    const invoice = await bill(cards.declined);
    await expect(propose(invoice.id)).rejects.toMatchObject({ code: 'invoice_not_paid' });
    await expect(propose(subscription.id)).rejects.toMatchObject({ code: 'invoice_not_found' });
    await issueCreditNote(database.context, { invoiceId: invoice.id, lines: null, reason: 'Never mind', actor: ada });
    await expect(propose(invoice.id)).rejects.toMatchObject({ code: 'credit_note_invalid' });
  });
});
