import {
  closeDuePeriods,
  decideOnAdjustment,
  findInvoice,
  issueCreditNote,
  issueReviewed,
  markUncollectible,
  proposeAdjustment,
  readBalance,
  reconcileInvoices,
  reissueInvoice,
  settleInvoice,
  verifyLedger,
  voidInvoice,
} from '#services';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SubscriptionRow, aPlanDefinition, aSubscription } from '../../support/billing-rows.js';
import { Collection, cards, collectionProvider } from '../../support/collection.js';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';
import { CrashingProxy } from '../../support/stripe-sandbox/crashing-proxy.js';
import { type StripeBody, dataOf, idOf } from '../../support/stripe-sandbox/sandbox-client.js';

const HOUR = 3_600_000;
const ada = { kind: 'user', id: 'ada' } as const;
const grace = { kind: 'user', id: 'grace' } as const;
const definition = aPlanDefinition({ fixedFee: '5.00' });

describe('an invoice that is not paid', () => {
  let database: TestDatabase;
  let collection: Collection;
  let subscription: SubscriptionRow;
  beforeEach(async () => {
    database = await createTestDatabase('2026-02-01T00:00:00Z');
    collection = await Collection.start(database);
    subscription = await aSubscription(database, { definition });
  });
  afterEach(async () => {
    await collection.settle();
    const { checks } = await verifyLedger(database.context, { provider: collection.provider });
    await collection[Symbol.asyncDispose]();
    await database.dispose();
    expect(checks.flatMap(({ difference }) => difference ?? [])).toEqual([]);
  });

  const rows = <Row>(sql: string, parameters: readonly unknown[] = []) =>
    database.unitOfWork.inSystem((transaction) => transaction.query<Row>(sql, parameters));
  const invoiceOf = (invoiceId: string) => findInvoice(database.context, { invoiceId });
  const close = async () => {
    database.clock.moveTo('2026-03-01T01:00:00Z');
    await closeDuePeriods(database.context, { graceMs: HOUR });
    const [row] = await rows<{ id: string }>(`SELECT id FROM invoice WHERE subscription_id = $1`, [subscription.id]);
    return row!.id;
  };
  /** Past due, with a card that declines. */
  const bill = async () => {
    await collection.saveCard(subscription.organizationId, cards.declined);
    const invoiceId = await close();
    await collection.settle();
    const invoice = await invoiceOf(invoiceId);
    expect(invoice).toMatchObject({ state: 'past_due', totalMinor: 500n });
    return invoice;
  };
  const credit = (invoiceId: string, lines: Parameters<typeof issueCreditNote>[1]['lines'] = null) =>
    issueCreditNote(database.context, { invoiceId, lines, reason: 'Charged by mistake', actor: ada });
  const atProvider = async (invoiceId: string): Promise<StripeBody> =>
    (await collection.client.get(`/v1/invoices/${(await invoiceOf(invoiceId)).providerInvoiceId}`)).body;
  const notesAtProvider = async (invoiceId: string) =>
    dataOf(await collection.client.get(`/v1/credit_notes?invoice=${(await invoiceOf(invoiceId)).providerInvoiceId}`));
  const balance = async () => {
    const { balances } = await readBalance(database.context, { organizationId: subscription.organizationId });
    return balances[0]?.amountMinor ?? 0n;
  };
  const give = async (amountMinor: bigint) => {
    const { organizationId } = subscription;
    const proposal = { organizationId, currency: 'USD', amountMinor, reason: 'A gift', actor: ada };
    const { id } = await proposeAdjustment(database.context, proposal);
    await decideOnAdjustment(database.context, { adjustmentId: id, decision: 'approved', actor: grace });
  };
  const withdraw = (invoiceId: string, reissue = false) =>
    voidInvoice(database.context, { invoiceId, reason: 'Another address', reissue, actor: ada });

  it('asks for less after a credit note, here and at the provider, and the card is charged the rest', async () => {
    const { id, lines } = await bill();
    expect(await credit(id, [{ lineId: lines[0]!.id, amountMinor: 200n }])).toMatchObject({
      totalMinor: 200n,
      reducedMinor: 200n,
    });
    await collection.settle();
    expect(await atProvider(id)).toMatchObject({ status: 'open', total: 500, amount_remaining: 300, amount_due: 300 });
    expect(await invoiceOf(id)).toMatchObject({ state: 'past_due', creditedMinor: 200n, paidMinor: 0n });
    database.clock.moveTo(database.clock.nowMs() + HOUR);
    await collection.saveCard(subscription.organizationId, cards.good);
    await collection.settle();
    expect(await invoiceOf(id)).toMatchObject({
      state: 'paid',
      paidMinor: 300n,
      payments: [
        { state: 'failed', amountMinor: 500n },
        { state: 'succeeded', method: 'card', amountMinor: 300n },
      ],
    });
    await credit(id);
    expect(await balance()).toBe(300n);
  });

  it.each(['after', 'before'])('is paid when all of it is credited %s the provider has heard of it', async (when) => {
    const id = when === 'after' ? (await bill()).id : await close();
    await credit(id);
    expect(await invoiceOf(id)).toMatchObject({ state: 'paid', failureCode: null, paidMinor: 0n });
    await collection.settle();
    expect(await atProvider(id)).toMatchObject({ status: 'paid', amount_remaining: 0, amount_paid: 0 });
    await expect(credit(id)).rejects.toMatchObject({ code: 'credit_note_invalid' });
    expect(await balance()).toBe(0n);
  });

  it('gives back to the balance what it took of it, when more is credited than is due', async () => {
    await give(150n);
    const { id } = await bill();
    expect(await atProvider(id)).toMatchObject({ amount_remaining: 350 });
    expect(await credit(id)).toMatchObject({ totalMinor: 500n, reducedMinor: 350n });
    expect([await balance(), (await invoiceOf(id)).state]).toEqual([150n, 'paid']);
  });

  it('keeps in the balance what was paid while a credit note was on its way', async () => {
    const { id, lines, providerInvoiceId } = await bill();
    await credit(id, [{ lineId: lines[0]!.id, amountMinor: 200n }]);
    const customer = String((await atProvider(id))['customer']);
    const card = idOf(await collection.client.post('/v1/payment_methods/pm_card_visa/attach', { customer }));
    idOf(await collection.client.post(`/v1/invoices/${providerInvoiceId}/pay`, { payment_method: card }));
    await collection.settle();
    expect(await invoiceOf(id)).toMatchObject({ state: 'paid', paidMinor: 500n, creditedMinor: 200n });
    expect(await balance()).toBe(200n);
    expect(await notesAtProvider(id)).toMatchObject([{ type: 'post_payment', out_of_band_amount: 200 }]);
  });

  it('is paid too when the provider settled it without a payment that it knows of', async () => {
    const { id, providerInvoiceId } = await bill();
    idOf(await collection.client.post(`/v1/invoices/${providerInvoiceId}/pay`, { paid_out_of_band: 'true' }));
    await collection.settle();
    expect(await invoiceOf(id)).toMatchObject({
      state: 'paid',
      payments: [{ state: 'failed' }, { state: 'succeeded', method: 'out_of_band', amountMinor: 500n }],
    });
    expect(await reconcileInvoices(database.context, collection.provider)).toBe(0);
  });

  it('can be given up, and is paid all the same when the money comes', async () => {
    const { id, providerInvoiceId } = await bill();
    const giveUp = (reason: string) => markUncollectible(database.context, { invoiceId: id, reason, actor: ada });
    await expect(giveUp(' ')).rejects.toMatchObject({ code: 'uncollectible_reason_missing' });
    await giveUp('Insolvent');
    await expect(giveUp('Insolvent')).rejects.toMatchObject({ code: 'invoice_not_past_due' });
    await collection.settle();
    expect(await atProvider(id)).toMatchObject({ status: 'uncollectible' });
    database.clock.moveTo(database.clock.nowMs() + HOUR);
    await collection.saveCard(subscription.organizationId, cards.good);
    await collection.settle();
    expect(await invoiceOf(id)).toMatchObject({ state: 'uncollectible', attempt: 1, paidMinor: 0n });
    const [card] = dataOf(
      await collection.client.get(`/v1/customers/${String((await atProvider(id))['customer'])}/payment_methods`),
    );
    idOf(
      await collection.client.post(`/v1/invoices/${providerInvoiceId}/pay`, { payment_method: String(card!['id']) }),
    );
    await collection.settle();
    expect(await invoiceOf(id)).toMatchObject({ state: 'paid', paidMinor: 500n });
  });

  it('can be withdrawn, and is made anew once, under the next number and with what it took of the balance', async () => {
    await give(150n);
    const voided = await bill();
    expect(await balance()).toBe(0n);
    await expect(
      voidInvoice(database.context, { invoiceId: voided.id, reason: ' ', reissue: false, actor: ada }),
    ).rejects.toMatchObject({ code: 'void_reason_missing' });
    expect(await withdraw(voided.id)).toBeNull();
    expect(await balance()).toBe(150n);
    await collection.settle();
    expect(await atProvider(voided.id)).toMatchObject({ status: 'void' });
    await rows(`UPDATE seller SET name = 'Tollgate Ltd'`);
    const replacementId = await reissueInvoice(database.context, { invoiceId: voided.id, actor: ada });
    await expect(reissueInvoice(database.context, { invoiceId: voided.id, actor: ada })).rejects.toMatchObject({
      code: 'invoice_replaced',
    });
    await expect(withdraw(voided.id)).rejects.toMatchObject({ code: 'invoice_not_unpaid' });
    expect(await invoiceOf(replacementId)).toMatchObject({ state: 'review', number: null, totalMinor: 500n });

    const { number } = await issueReviewed(database.context, { invoiceId: replacementId, actor: ada });
    await collection.saveCard(subscription.organizationId, cards.good);
    await collection.settle();
    expect(await invoiceOf(replacementId)).toMatchObject({
      state: 'paid',
      seller: { name: 'Tollgate Ltd' },
      balanceAppliedMinor: 150n,
      replaces: { id: voided.id, number: voided.number },
    });
    expect(await invoiceOf(voided.id)).toMatchObject({
      state: 'void',
      number: voided.number,
      voidReason: 'Another address',
      seller: { name: voided.seller.name },
      replacedBy: { id: replacementId, number },
    });
    const sequence = (text: string | null) => Number(text!.split('-').at(-1));
    expect(sequence(number)).toBe(sequence(voided.number) + 1);
  });

  it('is billed once by the database too: its period has one invoice that is not void', async () => {
    const { id } = await bill();
    const copy = `INSERT INTO invoice SELECT (jsonb_populate_record(invoice, jsonb_build_object('id', gen_random_uuid(),
      'state', 'draft', 'number', NULL, 'issued_at', NULL, 'provider_invoice_id', NULL, 'void_reason', NULL, 'replaces_invoice_id', $2::uuid))).*
      FROM invoice WHERE id = $1`;
    await expect(rows(copy, [id, id])).rejects.toThrow(/can only replace a void one of its own period/);
    await expect(rows(copy, [id, null])).rejects.toThrow(/invoice_period_key/);
    await withdraw(id, true);
    await expect(rows(copy, [id, id])).rejects.toThrow(/invoice_period_key|invoice_replaces_key/);
    for (const change of ['paid_minor = 1', 'credited_minor = 1', `void_reason = 'x'`, `state = 'paid'`])
      await expect(rows(`UPDATE invoice SET ${change} WHERE id = $1`, [id])).rejects.toThrow(
        /may change|cannot become/,
      );
  });

  it('is not withdrawn once it is credited', async () => {
    const credited = await bill();
    await credit(credited.id, [{ lineId: credited.lines[0]!.id, amountMinor: 200n }]);
    await expect(withdraw(credited.id)).rejects.toMatchObject({ code: 'invoice_credited' });
  });

  it('is paid into the balance after it was withdrawn', async () => {
    const { id, providerInvoiceId } = await bill();
    const customer = String((await atProvider(id))['customer']);
    const card = idOf(await collection.client.post('/v1/payment_methods/pm_card_visa/attach', { customer }));
    await rows('DELETE FROM outbox');
    await withdraw(id);
    idOf(await collection.client.post(`/v1/invoices/${providerInvoiceId}/pay`, { payment_method: card }));
    await collection.settle();
    expect(await balance()).toBe(500n);
    expect(await rows(`SELECT 1 FROM audit_log WHERE noun_id = $1 AND action = 'paid_while_void'`, [id])).not.toEqual(
      [],
    );
    expect(await atProvider(id)).toMatchObject({ status: 'paid' });
  });

  it.each(['credit', 'void', 'uncollectible'] as const)(
    'comes to the same wherever the process dies on the way to the provider: %s',
    async (what) => {
      const { id, lines } = await bill();
      const customer = String((await atProvider(id))['customer']);
      if (what === 'credit') await credit(id, [{ lineId: lines[0]!.id, amountMinor: 200n }]);
      else if (what === 'void') await withdraw(id);
      else await markUncollectible(database.context, { invoiceId: id, reason: 'Insolvent', actor: ada });
      await rows('DELETE FROM outbox');
      await using proxy = await CrashingProxy.start(collection.client.url);
      const flaky = collectionProvider(proxy.url);
      let step = 0;
      for (let isDone = false; !isDone && step < 30;) {
        step += 1;
        proxy.reset((_, count) => (count === Math.ceil(step / 2) ? (step % 2 === 1 ? 'before' : 'after') : undefined));
        isDone = await settleInvoice(database.context, flaky, id).then(
          () => true,
          () => false,
        );
      }
      expect(step).toBeGreaterThan(3);
      const expected = { credit: 'open', void: 'void', uncollectible: 'uncollectible' }[what];
      expect(await atProvider(id)).toMatchObject({ status: expected, amount_remaining: what === 'credit' ? 300 : 500 });
      expect(await notesAtProvider(id)).toHaveLength(what === 'credit' ? 1 : 0);
      expect(dataOf(await collection.client.get(`/v1/invoices?customer=${customer}`))).toHaveLength(1);
    },
  );
});
