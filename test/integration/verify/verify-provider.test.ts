import { areFeesDue, closeDuePeriods, listProofs, listedDifferences, proveEndedDay, recordFees } from '#services';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aPlanDefinition, aSubscription } from '../../support/billing-rows.js';
import { Collection, cards, collectionProvider } from '../../support/collection.js';
import { type TestDatabase, createTestDatabase, tamper } from '../../support/database.js';
import { drain } from '../../support/drain.js';
import { verifyLedger } from '#services';
import { dataOf, idOf } from '../../support/stripe-sandbox/sandbox-client.js';

describe('the proof of the payment provider', () => {
  let database: TestDatabase;
  let collection: Collection;
  let invoice: { id: string; provider_invoice_id: string };
  beforeEach(async () => {
    database = await createTestDatabase('2026-02-01T00:00:00Z');
    collection = await Collection.start(database);
    const subscription = await aSubscription(database, { definition: aPlanDefinition({ fixedFee: '12.34' }) });
    await collection.saveCard(subscription.organizationId, cards.good);
    database.clock.moveTo('2026-03-01T01:00:00Z');
    await closeDuePeriods(database.context, { graceMs: 3_600_000 });
    await collection.settle();
    const [row] = await database.unitOfWork.inSystem((transaction) =>
      transaction.query<{ id: string; provider_invoice_id: string; state: string }>(
        `SELECT id, provider_invoice_id, state FROM invoice`,
      ),
    );
    expect(row!.state).toBe('paid');
    invoice = row!;
  });
  afterEach(async () => {
    await collection[Symbol.asyncDispose]();
    await database.dispose();
  });

  const provider = async (from = collection.provider) => {
    const report = await verifyLedger(database.context, { provider: from });
    return report.checks.find(({ name }) => name === 'provider');
  };

  it('agrees when the provider has the same to the cent', async () => {
    expect(await provider()).toEqual({ name: 'provider', ok: true, checked: 1, difference: null });
  });

  it('is left out without a provider', async () => {
    const report = await verifyLedger(database.context);
    expect(report.checks.map(({ name }) => name)).not.toContain('provider');
  });

  it.each([
    ['total', `UPDATE invoice SET tax_minor = 1, total_minor = total_minor + 1`, 'total 1235'],
    ['currency', `UPDATE invoice SET currency = 'EUR'`, 'currency EUR'],
    ['number', `UPDATE invoice SET number = 'INV-000009'`, 'number INV-000009'],
    ['lines', `UPDATE invoice_line SET amount_minor = amount_minor - 1 WHERE kind = 'fixed_fee'`, 'lines '],
  ])('names an invoice whose %s the provider has differently', async (_, sql, expected) => {
    await tamper(database, sql);
    expect((await provider())!.difference).toMatchObject({
      check: 'provider',
      row: `invoice ${invoice.id}, ${invoice.provider_invoice_id} at the provider`,
      expected: expect.stringContaining(expected),
    });
  });

  it('names an invoice of an earlier period that the provider has changed since, for forty days after it was issued', async () => {
    const ofDay = async (day: string) => {
      const from = new Date(`${day}T00:00:00Z`);
      const to = new Date(from.getTime() + 86_400_000);
      database.clock.moveTo(to.getTime() + 2 * 3_600_000);
      const { checks } = await verifyLedger(database.context, { from, to, provider: collection.provider });
      return checks.find(({ name }) => name === 'provider')!;
    };
    expect(await ofDay('2026-03-20')).toMatchObject({ ok: true, checked: 1 });
    // A refund that somebody makes on the provider's own pages.
    const { provider_invoice_id: id } = invoice;
    idOf(await collection.client.post('/v1/credit_notes', { invoice: id, amount: 100, out_of_band_amount: 100 }));
    expect(await ofDay('2026-03-21')).toMatchObject({
      ok: false,
      difference: { row: `invoice ${invoice.id}, ${id} at the provider`, actual: 'credit notes of 100' },
    });
    expect(await ofDay('2026-04-12')).toMatchObject({ ok: true, checked: 0 });
  });

  it('names charges whose fees are not those of the books, whichever side has them', async () => {
    const [fee] = await drain(collection.provider.listFees(new Date(0), null));
    const differs = async () => {
      const { difference, more = [] } = (await provider())!;
      return [difference, ...more];
    };
    const readAndLose = async () => {
      expect(await recordFees(database.context, collection.provider)).toBe(1);
      await tamper(database, `DELETE FROM provider_fee`);
    };
    // The provider has a clock of its own. Nobody has read any yet; then, within two hours of the reading, it may have been missed.
    database.clock.moveTo(fee!.chargedAt.getTime() + 2 * 3_600_000);
    expect(await differs()).toEqual([null]);
    expect(await areFeesDue(database.context)).toBe(true);
    await readAndLose();
    expect(await areFeesDue(database.context)).toBe(false);
    expect(await differs()).toEqual([null]);
    database.clock.moveTo(fee!.chargedAt.getTime() + 2 * 3_600_000 + 1_000);
    await readAndLose();
    const charge = expect.stringContaining(`fees of payment ${fee!.providerPaymentId} `);
    const taken = expect.stringContaining(`${fee!.providerTransactionId}: 66 USD for the payment`);
    expect(await differs()).toMatchObject([{ row: charge, expected: 'none', actual: taken }]);
    expect(await recordFees(database.context, collection.provider)).toBe(1);
    expect(await differs()).toEqual([null]);

    for (const [change, expected] of [
      [`amount_minor = 65`, '65 USD for the payment'],
      [`amount_minor = 66, currency = 'EUR'`, '66 EUR for the payment'],
      [`currency = 'USD', kind = 'dispute'`, '66 USD for the dispute'],
      [`kind = 'payment', provider_transaction_id = 'txn_other'`, 'txn_other: 66 USD'],
    ] as const) {
      await tamper(database, `UPDATE provider_fee SET ${change}`);
      expect(await differs()).toMatchObject([
        { row: charge, expected: expect.stringContaining(expected), actual: taken },
      ]);
    }
    await tamper(
      database,
      `UPDATE provider_fee SET provider_transaction_id = '${fee!.providerTransactionId}', charged_at = charged_at - interval '20 days'`,
    );
    const earlier = expect.stringContaining('66 USD');
    expect(await differs()).toMatchObject([
      { row: charge, expected: earlier, actual: 'none' },
      { row: charge, expected: 'none', actual: taken },
    ]);
  });

  it('names a payment that only one side has, and an invoice that only the provider has', async () => {
    const customer = String(dataOf(await collection.client.get('/v1/customers'))[0]!['id']);
    const made = { customer, currency: 'usd', auto_advance: 'false' };
    const orphan = idOf(await collection.client.post('/v1/invoices', made));
    expect((await provider())!.ok).toBe(true);
    idOf(await collection.client.post('/v1/invoiceitems', { customer, invoice: orphan, amount: 700, currency: 'usd' }));
    idOf(await collection.client.post(`/v1/invoices/${orphan}/finalize`));
    expect((await provider())!.difference).toMatchObject({
      row: `invoice ${orphan} at the provider`,
      expected: 'an invoice of ours',
    });
    const [{ providerPaymentId }] = (await database.unitOfWork.inSystem((transaction) =>
      transaction.query<{ providerPaymentId: string }>(
        `SELECT provider_payment_id AS "providerPaymentId" FROM payment`,
      ),
    )) as [{ providerPaymentId: string }];
    const refund = idOf(await collection.client.post('/v1/refunds', { payment_intent: providerPaymentId, amount: 34 }));
    const found = (await provider())!;
    expect([found.ok, found.checked]).toEqual([false, 1]);
    expect([found.difference, ...found.more!].map((each) => each!.row)).toEqual([
      `invoice ${orphan} at the provider`,
      `refund ${refund} at the provider`,
    ]);
    database.clock.moveTo('2026-03-02T02:00:00Z');
    const mails: string[] = [];
    const proof = await proveEndedDay(
      database.context,
      ({ checks }) => {
        mails.push(...(checks ?? []).flatMap(listedDifferences).map(({ row }) => row));
        return { subject: 's', text: 't', html: 'h' };
      },
      collection.provider,
    );
    expect(proof!.ok).toBe(false);
    expect(mails).toEqual([`invoice ${orphan} at the provider`, `refund ${refund} at the provider`]);
    expect((await listProofs(database.context))[0]!.checks!.at(-1)).toMatchObject({ name: 'provider', more: [{}] });
    await tamper(database, `UPDATE payment SET provider_payment_id = 'pi_unknown'`);
    expect((await provider())!.difference).toMatchObject({
      row: `invoice ${invoice.id}, ${invoice.provider_invoice_id} at the provider`,
      expected: 'payments pi_unknown: 1234',
      actual: expect.stringMatching(/^payments pi_\w+: 1234$/),
    });
  });

  it('names an invoice that the provider does not know, and one that nobody answers for', async () => {
    expect((await provider(collectionProvider('http://127.0.0.1:9')))!.difference).toMatchObject({
      row: 'the payment provider',
      expected: 'an answer',
    });
    await tamper(database, `UPDATE invoice SET provider_invoice_id = 'in_unknown'`);
    expect((await provider())!.difference).toMatchObject({ row: `invoice ${invoice.id}, in_unknown at the provider` });
  });
});
