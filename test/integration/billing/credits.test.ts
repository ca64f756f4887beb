import { type Actor, lockCredits } from '#persistence';
import {
  type CreditAlert,
  type TopUpStop,
  cancelSubscription,
  closeDuePeriods,
  currentUsage,
  decideOnAdjustment,
  decideOnCredits,
  expireCredits,
  journalEntryPages,
  exportInvoicesCsv,
  findInvoice,
  findInvoiceDocument,
  previewCancellation,
  proposeAdjustment,
  proposeCredits,
  purchaseCredits,
  readCredits,
  renderInvoicePdf,
  setTopUp,
  verifyLedger,
  voidInvoice,
  watchCredits,
} from '#services';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SubscriptionRow, aPlanDefinition, aSubscription, addUsage } from '../../support/billing-rows.js';
import { expectRevenueAsBooked } from '../../support/booked-revenue.js';
import { Collection, cards } from '../../support/collection.js';
import { CrashingUnitOfWork } from '../../support/crashing-unit-of-work.js';
import { type TestDatabase, createTestDatabase, tamper } from '../../support/database.js';
import { drain } from '../../support/drain.js';
import { eventually } from '../../support/eventually.js';

const start = '2026-02-01T00:00:00Z';
const HOUR = 3_600_000;
const ada = { kind: 'user', id: 'ada' } as const;
const grace = { kind: 'user', id: 'grace' } as const;
const definition = aPlanDefinition({
  fixedFee: '5.00',
  prices: [{ meter: 'requests', included: '0', price: { model: 'per_unit', unitAmount: '0.01' } }],
});

const waitingForLocks = `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;

describe('prepaid credits', () => {
  let database: TestDatabase;
  let subscription: SubscriptionRow;
  beforeEach(async () => {
    database = await createTestDatabase(start);
    subscription = await aSubscription(database, { definition });
  });
  afterEach(() => database.dispose());

  const rows = <Row>(sql: string, parameters: readonly unknown[] = []) =>
    database.unitOfWork.inSystem((transaction) => transaction.query<Row>(sql, parameters));
  const give = (amountMinor: bigint, change: Partial<Parameters<typeof proposeCredits>[1]> = {}) =>
    proposeCredits(database.context, {
      organizationId: subscription.organizationId,
      currency: 'USD',
      amountMinor,
      reason: 'Welcome',
      limit: 100,
      actor: ada,
      ...change,
    });
  const use = (at: string, quantity: string, settlesIn?: string, of = subscription) =>
    addUsage(database, of, {
      at: new Date(at),
      quantity,
      ...(settlesIn === undefined ? {} : { settlesIn: new Date(settlesIn) }),
    });
  const closeAt = async (at: string) => {
    database.clock.moveTo(at);
    const { closed, held } = await closeDuePeriods(database.context, { graceMs: HOUR });
    expect(held).toEqual([]);
    return closed.map(({ invoiceId }) => invoiceId!);
  };
  const creditLines = async (invoiceId: string) =>
    (await findInvoice(database.context, { invoiceId })).lines
      .filter(({ kind }) => kind === 'prepaid_credit')
      .map(({ description, amountMinor }) => [description, amountMinor]);
  const statement = () => readCredits(database.context, subscription.organizationId);
  const remaining = async () => (await statement()).grants.map(({ remainingMinor }) => remainingMinor);
  /** The usage was put into the ledger without a segment. */
  const differing = async () =>
    (await verifyLedger(database.context)).checks.filter(({ ok, name }) => !ok && name !== 'events');

  it('pay the usage of an invoice after everything else, a line for each grant, and the provider collects the rest', async () => {
    await using collection = await Collection.start(database);
    await collection.saveCard(subscription.organizationId, cards.good);
    await give(500n, { reason: 'Second', priority: 20 });
    await give(300n, { reason: 'First' });
    await give(999n, { reason: 'Euros', currency: 'EUR' });
    await use('2026-02-10T00:00:00Z', '600');
    const [first] = await closeAt('2026-03-01T01:00:00Z');
    await collection.settle();
    const invoice = await findInvoice(database.context, { invoiceId: first! });
    expect(invoice).toMatchObject({ state: 'paid', number: 'INV-000001', subtotalMinor: 500n, totalMinor: 500n });
    expect(invoice.lines.map(({ position, kind, amountMinor }) => [position, kind, amountMinor])).toEqual([
      [1, 'fixed_fee', 500n],
      [2, 'usage', 600n],
      [3, 'prepaid_credit', -300n],
      [4, 'prepaid_credit', -300n],
    ]);
    expect(await creditLines(first!)).toEqual([
      ['Prepaid credits: First ($0.00 of $3.00 left)', -300n],
      ['Prepaid credits: Second ($2.00 of $5.00 left)', -300n],
    ]);
    expect(await collection.provider.retrieveInvoice(invoice.providerInvoiceId!)).toMatchObject({ totalMinor: 500n });

    // Late usage of February is paid too, with what is in force at the end of March.
    await use('2026-02-11T00:00:00Z', '150', '2026-03-01T00:00:00Z');
    const [second] = await closeAt('2026-04-01T01:00:00Z');
    await collection.settle();
    expect(await creditLines(second!)).toEqual([['Prepaid credits: Second ($0.50 of $5.00 left)', -150n]]);
    expect(
      (await statement()).entries.map(({ kind, amountMinor, invoiceNumber }) => [kind, amountMinor, invoiceNumber]),
    ).toEqual([
      ['burned', -150n, 'INV-000002'],
      ['burned', -300n, 'INV-000001'],
      ['burned', -300n, 'INV-000001'],
    ]);
    let csv = '';
    for await (const piece of exportInvoicesCsv(database.context)) csv += piece;
    expect(csv).toContain(',4,prepaid_credit,,Prepaid credits: Second ($2.00 of $5.00 left),1,-300,-3.00,USD,');
    const document = await findInvoiceDocument(database.context, { invoiceId: first! });
    expect((await renderInvoicePdf(document)).length).toBeGreaterThan(1_000);
    const { checks } = await verifyLedger(database.context, { provider: collection.provider });
    expect(checks.filter(({ ok, name }) => !ok && name !== 'events')).toEqual([]);
    expect(checks.find(({ name }) => name === 'credits')).toMatchObject({ ok: true, checked: 6 });
  });

  it('are in the preview of a cancellation as on its invoice, with those and the taxes that are in force at its end', async () => {
    const rate = (percent: string, validFrom: string, validTo: string | null) =>
      rows(
        `INSERT INTO tax_rate (id, seller_slug, country, category, name, percent, valid_from, valid_to)
         VALUES ($1, 'default', 'IE', 'standard', 'VAT', $2, $3, $4)`,
        [database.context.ids.next(), percent, validFrom, validTo],
      );
    await rows(`UPDATE seller SET country = 'IE'`);
    await rate('20', '2026-01-01T00:00:00Z', '2026-02-20T00:00:00Z');
    await rate('25', '2026-02-20T00:00:00Z', null);
    await give(150n, { reason: 'Soon over', expiresAt: new Date('2026-02-25T00:00:00Z') });
    await use('2026-02-03T00:00:00Z', '400');
    database.clock.moveTo('2026-02-15T00:00:00Z');
    const { organizationId, id: subscriptionId } = subscription;
    const preview = await previewCancellation(database.context, { organizationId, subscriptionId, when: 'now' });
    const [soFar] = await currentUsage(database.context, { organizationId });
    // Half of the fee, and of four dollars of usage what the credits leave; to the end of the month they are over.
    expect(preview).toMatchObject({ rated: { subtotalMinor: 500n }, taxed: { taxMinor: 100n } });
    expect(soFar).toMatchObject({ estimateMinor: 900n, taxed: { taxMinor: 225n } });
    await cancelSubscription(database.context, { organizationId, subscriptionId, when: 'now', actor: ada });
    const [invoiceId] = await closeAt('2026-02-15T02:00:00Z');
    const invoice = await findInvoice(database.context, { invoiceId: invoiceId! });
    expect(invoice).toMatchObject({ subtotalMinor: 500n, taxMinor: 100n });
    expect(preview.rated!.lines.map(({ description, amountMinor }) => [description, amountMinor])).toEqual(
      invoice.lines.map(({ description, amountMinor }) => [description, amountMinor]),
    );
    expect(preview.rated!.ratingHash).toBe(invoice.ratingHash);
  });

  it('pay a period when they are in force at its end, however late it is closed, and expire after it', async () => {
    await give(100n, { reason: 'Within', expiresAt: new Date('2026-02-28T23:59:59.999Z') });
    await give(100n, { reason: 'With the end', expiresAt: new Date('2026-03-01T00:00:00Z') });
    await use('2026-02-10T00:00:00Z', '40');
    database.clock.moveTo('2026-03-05T00:00:00Z');
    // The first ended before any period did; the second waits for the period, which is not closed yet.
    expect(await expireCredits(database.context)).toBe(1);
    expect(await expireCredits(database.context)).toBe(0);
    await give(100n, { reason: 'After the end' });
    const [invoice] = await closeAt('2026-03-05T00:00:00Z');
    expect(await creditLines(invoice!)).toEqual([['Prepaid credits: With the end ($0.60 of $1.00 left)', -40n]]);
    const expiries = await Promise.all([expireCredits(database.context), expireCredits(database.context)]);
    expect(expiries.toSorted()).toEqual([0, 1]);
    expect((await statement()).entries.map(({ kind, amountMinor, reason }) => [kind, amountMinor, reason])).toEqual([
      ['expired', -60n, 'With the end'],
      ['burned', -40n, 'With the end'],
      ['expired', -100n, 'Within'],
    ]);
    expect(await differing()).toEqual([]);
  });

  it('are never overdrawn by periods of several subscriptions that are closed at the same time', async () => {
    const others: SubscriptionRow[] = [];
    for (let index = 0; index < 3; index++) {
      const other = await aSubscription(database, { organizationName: `Other ${index}`, definition });
      const swap = [subscription.organizationId, other.organizationId];
      for (const table of ['subscription', 'subscription_phase', 'billing_period'])
        await tamper(database, `UPDATE ${table} SET organization_id = $1 WHERE organization_id = $2`, swap);
      others.push({ ...other, organizationId: subscription.organizationId });
    }
    for (const one of [subscription, ...others]) await use('2026-02-10T00:00:00Z', '100', undefined, one);
    await give(150n);
    await give(100n);
    database.clock.moveTo('2026-03-01T01:00:00Z');
    await Promise.all(Array.from({ length: 4 }, () => closeDuePeriods(database.context, { graceMs: HOUR, limit: 1 })));
    await closeAt('2026-03-01T01:00:00Z');
    const [burned] = await rows<{ invoices: number; amount: string }>(
      `SELECT count(DISTINCT invoice_id)::integer AS invoices, sum(amount_minor) AS amount FROM invoice_line WHERE kind = 'prepaid_credit'`,
    );
    expect(burned).toEqual({ invoices: 3, amount: '-250' });
    expect(await remaining()).toEqual([0n, 0n]);
    expect(await differing()).toEqual([]);
  });

  it('burn once, whichever statement of closing the process dies at', async () => {
    await give(1_000n);
    await use('2026-02-10T00:00:00Z', '100');
    database.clock.moveTo('2026-03-01T01:00:00Z');
    const closeWith = (unitOfWork: CrashingUnitOfWork) =>
      closeDuePeriods({ ...database.context, unitOfWork }, { graceMs: HOUR }).catch(() => null);
    let crashes = 0;
    for (let statement = 1; ; statement += 4) {
      const unitOfWork = new CrashingUnitOfWork(database, { statement, when: 'after' });
      await closeWith(unitOfWork);
      if (!unitOfWork.hasCrashed) break;
      crashes += 1;
    }
    expect(crashes).toBeGreaterThan(2);
    await closeAt('2026-03-01T01:00:00Z');
    expect(await remaining()).toEqual([900n]);
    expect(await rows(`SELECT kind, amount_minor FROM credit_entry`)).toEqual([
      { kind: 'burned', amount_minor: '-100' },
    ]);
  });

  it('pay the invoice too that is made in the place of a void one', async () => {
    await give(100n);
    await use('2026-02-10T00:00:00Z', '40');
    const [invoiceId] = await closeAt('2026-03-01T01:00:00Z');
    const reason = 'Another address';
    const replacement = await voidInvoice(database.context, {
      invoiceId: invoiceId!,
      reason,
      reissue: true,
      actor: ada,
    });
    expect(await remaining()).toEqual([60n]);
    expect((await findInvoice(database.context, { invoiceId: replacement! })).lines.at(-1)).toMatchObject({
      kind: 'prepaid_credit',
      amountMinor: -40n,
    });
    expect(await differing()).toEqual([]);
  });

  it('come back when the invoice that burned them becomes void, and expire then if they are over', async () => {
    await give(100n, { expiresAt: new Date('2026-03-02T00:00:00Z') });
    await use('2026-02-10T00:00:00Z', '40');
    const [invoice] = await closeAt('2026-03-01T01:00:00Z');
    database.clock.moveTo('2026-03-03T00:00:00Z');
    expect(await expireCredits(database.context)).toBe(1);
    await rows(`UPDATE invoice SET state = 'void' WHERE id = $1`, [invoice]);
    expect(await remaining()).toEqual([40n]);
    expect(await expireCredits(database.context)).toBe(1);
    expect((await statement()).grants).toMatchObject([{ remainingMinor: 0n }]);
    expect(
      await rows(`SELECT kind, amount_minor AS amount, remaining_minor AS "left" FROM credit_entry ORDER BY number`),
    ).toEqual([
      { kind: 'burned', amount: '-40', left: '60' },
      { kind: 'expired', amount: '-60', left: '0' },
      { kind: 'returned', amount: '40', left: '40' },
      { kind: 'expired', amount: '-40', left: '0' },
    ]);
    expect(await differing()).toEqual([]);
  });

  describe('that paid usage which gives something back', () => {
    /** Half the price from one unit more on: a late one gives 50.00 back. */
    const volume = aPlanDefinition({
      fixedFee: '0',
      prices: [
        {
          meter: 'requests',
          included: '0',
          price: {
            model: 'volume',
            tiers: [
              { upTo: '10000', unitAmount: '0.01', flatAmount: '0' },
              { upTo: null, unitAmount: '0.005', flatAmount: '0' },
            ],
          },
        },
      ],
    });
    beforeEach(async () => {
      subscription = await aSubscription(database, { organizationName: 'Volume Ltd', definition: volume });
      await rows(`UPDATE seller SET country = 'IE'`);
      await rows(
        `INSERT INTO tax_rate (id, seller_slug, country, category, name, percent, valid_from)
         VALUES ($1, 'default', 'IE', 'standard', 'VAT', '20', '2026-01-01T00:00:00Z')`,
        [database.context.ids.next()],
      );
    });
    const invoiceOf = (invoiceId: string) => findInvoice(database.context, { invoiceId });
    const linesOf = async (invoiceId: string) =>
      (await invoiceOf(invoiceId)).lines.map(({ kind, meter, amountMinor }) => [kind, meter, amountMinor]);
    const balances = () => rows(`SELECT amount_minor FROM balance_entry`);
    const closeFirst = async (at: string) => {
      const closed = await closeAt(at);
      const of = await Promise.all(closed.filter(Boolean).map(invoiceOf));
      return of.find(({ subscriptionId }) => subscriptionId === subscription.id)!.id;
    };
    const lateUnit = () => use('2026-02-11T00:00:00Z', '1', '2026-03-01T00:00:00Z');

    it('get it back: no money, with its tax, is made of them, and the next usage burns them again', async () => {
      await give(10_000n);
      await use('2026-02-10T00:00:00Z', '10000');
      const paid = await closeFirst('2026-03-01T01:00:00Z');
      expect(await invoiceOf(paid)).toMatchObject({ subtotalMinor: 0n, totalMinor: 0n });
      expect(await remaining()).toEqual([0n]);

      await lateUnit();
      const { organizationId } = subscription;
      const [soFar] = await currentUsage(database.context, { organizationId });
      expect(soFar).toMatchObject({ estimateMinor: 0n, taxed: { taxMinor: 0n, excessTaxMinor: 0n } });
      const late = await closeFirst('2026-04-01T01:00:00Z');
      const invoice = await invoiceOf(late);
      expect(invoice).toMatchObject({ subtotalMinor: 0n, taxMinor: 0n, totalMinor: 0n });
      expect(invoice).toMatchObject({ excessCreditMinor: 0n, excessTaxMinor: 0n });
      expect(await linesOf(late)).toEqual([
        ['usage', 'requests', 0n],
        ['late_usage', 'requests', -5_000n],
        ['prepaid_credit', 'requests', 5_000n],
      ]);
      expect(soFar!.lines.map(({ kind, description, amountMinor }) => [kind, description, amountMinor])).toEqual(
        invoice.lines.map(({ kind, description, amountMinor }) => [kind, description, amountMinor]),
      );
      expect(await creditLines(late)).toEqual([
        ['Prepaid credits returned: Welcome (requests of the period from 2026-02-01)', 5_000n],
      ]);
      expect(await balances()).toEqual([]);
      expect(await remaining()).toEqual([5_000n]);
      const document = await findInvoiceDocument(database.context, { invoiceId: late });
      expect((await renderInvoicePdf(document)).length).toBeGreaterThan(1_000);

      // A second late unit gives nothing more back than it costs; March burns what came back.
      await use('2026-02-12T00:00:00Z', '1', '2026-04-01T00:00:00Z');
      await use('2026-04-10T00:00:00Z', '6000');
      const next = await closeFirst('2026-05-01T01:00:00Z');
      expect(await linesOf(next)).toEqual([
        ['usage', 'requests', 6_000n],
        ['late_usage', 'requests', 1n],
        ['prepaid_credit', null, -5_000n],
      ]);
      expect(await invoiceOf(next)).toMatchObject({ subtotalMinor: 1_001n, taxMinor: 200n });
      expect((await statement()).entries.map(({ kind, amountMinor }) => [kind, amountMinor])).toEqual([
        ['burned', -5_000n],
        ['returned', 5_000n],
        ['burned', -10_000n],
      ]);
      expect(await differing()).toEqual([]);
      const entries = (await drain(journalEntryPages(database.context, { from: null, to: null }))).flat();
      for (const { entry } of entries)
        expect(entry.postings.reduce((sum, { amountMinor }) => sum + amountMinor, 0n)).toBe(0n);
      await expectRevenueAsBooked(database.context);
    });

    it('are money only as far as money had paid, and a grant that is over loses at once what it gets back', async () => {
      await give(3_000n, { expiresAt: new Date('2026-03-15T00:00:00Z') });
      await use('2026-02-10T00:00:00Z', '10000');
      const first = await closeFirst('2026-03-01T01:00:00Z');
      expect(await invoiceOf(first)).toMatchObject({ subtotalMinor: 7_000n, taxMinor: 1_400n });
      await lateUnit();
      const late = await closeFirst('2026-04-01T01:00:00Z');
      expect(await linesOf(late)).toEqual([
        ['usage', 'requests', 0n],
        ['late_usage', 'requests', -3_000n],
        ['prepaid_credit', 'requests', 3_000n],
      ]);
      expect(await invoiceOf(late)).toMatchObject({ totalMinor: 0n, excessCreditMinor: 2_000n, excessTaxMinor: 400n });
      expect(await balances()).toEqual([{ amount_minor: '2400' }]);
      expect(await expireCredits(database.context)).toBe(1);
      expect((await statement()).entries.map(({ kind, amountMinor }) => [kind, amountMinor])).toEqual([
        ['expired', -3_000n],
        ['returned', 3_000n],
        ['burned', -3_000n],
      ]);
      expect(await differing()).toEqual([]);
      await expectRevenueAsBooked(database.context);
    });

    it('are used at once by usage of the same invoice, and of one that becomes void are taken back as long as they are there', async () => {
      await give(10_000n);
      await use('2026-02-10T00:00:00Z', '10000');
      await closeFirst('2026-03-01T01:00:00Z');
      await lateUnit();
      await use('2026-03-10T00:00:00Z', '8000');
      const march = await closeFirst('2026-04-01T01:00:00Z');
      const lines = [
        ['usage', 'requests', 8_000n],
        ['late_usage', 'requests', -5_000n],
        ['prepaid_credit', 'requests', 5_000n],
        ['prepaid_credit', null, -5_000n],
      ];
      expect(await linesOf(march)).toEqual(lines);
      expect(await invoiceOf(march)).toMatchObject({ subtotalMinor: 3_000n });
      const withdraw = (invoiceId: string) =>
        voidInvoice(database.context, { invoiceId, reason: 'Another address', reissue: true, actor: ada });
      const replacement = await withdraw(march);
      expect(await linesOf(replacement!)).toEqual(lines);
      expect(await remaining()).toEqual([0n]);
      expect(await differing()).toEqual([]);
      expect((await statement()).entries.map(({ kind, amountMinor }) => `${kind} ${amountMinor}`).toSorted()).toEqual(
        [
          'burned -10000',
          // Of March, of March as it became void, and of the one in its place.
          'returned 5000',
          'burned -5000',
          'returned 5000',
          'burned -5000',
          'returned 5000',
          'burned -5000',
        ].toSorted(),
      );
      await expectRevenueAsBooked(database.context);
    });

    it('keep an invoice from becoming void when they came back with a later one, or are used up', async () => {
      await give(6_000n);
      await use('2026-02-10T00:00:00Z', '10000');
      const february = await closeFirst('2026-03-01T01:00:00Z');
      await lateUnit();
      await use('2026-03-10T00:00:00Z', '100');
      const march = await closeFirst('2026-04-01T01:00:00Z');
      expect(await remaining()).toEqual([4_900n]);
      await expect(
        voidInvoice(database.context, { invoiceId: february, reason: 'Wrong', reissue: false, actor: ada }),
      ).rejects.toMatchObject({ code: 'invoice_credits_bound' });
      await expect(rows(`UPDATE invoice SET state = 'void' WHERE id = $1`, [february])).rejects.toThrow(
        /more would come back|not_overdrawn/,
      );
      expect(await invoiceOf(march)).toMatchObject({ subtotalMinor: 0n });
      expect(await differing()).toEqual([]);
    });

    it('keep an invoice from becoming void also when later usage has burned as much of the grant since', async () => {
      await give(6_000n);
      await use('2026-02-10T00:00:00Z', '10000');
      const february = await closeFirst('2026-03-01T01:00:00Z');
      await lateUnit();
      await use('2026-03-10T00:00:00Z', '8000');
      const march = await closeFirst('2026-04-01T01:00:00Z');
      expect((await creditLines(march)).map(([, amountMinor]) => amountMinor)).toEqual([5_000n, -5_000n]);
      const withdraw = (invoiceId: string) =>
        voidInvoice(database.context, { invoiceId, reason: 'Wrong', reissue: false, actor: ada });
      await expect(withdraw(february)).rejects.toMatchObject({ code: 'invoice_credits_bound' });
      // Without the later one nothing has come back.
      await withdraw(march);
      await withdraw(february);
      expect(await remaining()).toEqual([6_000n]);
    });

    it('are looked at under their lock before the invoice that returned them becomes void', async () => {
      const fees = { ...volume, fixedFee: '20.00' };
      subscription = await aSubscription(database, { organizationName: 'Waiting Ltd', definition: fees });
      await give(10_000n);
      await use('2026-02-10T00:00:00Z', '10000');
      await closeFirst('2026-03-01T01:00:00Z');
      await lateUnit();
      const march = await closeFirst('2026-04-01T01:00:00Z');
      expect(await remaining()).toEqual([5_000n]);
      const { voiding } = await database.unitOfWork.inSystem(async (transaction) => {
        await lockCredits(transaction, [subscription.organizationId]);
        const withdrawn = voidInvoice(database.context, {
          invoiceId: march,
          reason: 'Wrong',
          reissue: false,
          actor: ada,
        });
        await eventually(
          () => database.dataSource.query<unknown[]>(waitingForLocks),
          (waiting) => waiting.length > 0,
        );
        await transaction.query(
          `INSERT INTO credit_entry (grant_id, organization_id, kind, amount_minor, created_at)
           SELECT id, organization_id, 'expired', -5000, '2026-04-02T00:00:00Z' FROM credit_grant WHERE organization_id = $1`,
          [subscription.organizationId],
        );
        return { voiding: expect(withdrawn).rejects.toMatchObject({ code: 'invoice_credits_bound' }) };
      });
      await voiding;
    });

    it('leave the fees of the invoice to be collected, and fill a minimum that they had paid without coming back', async () => {
      await using collection = await Collection.start(database);
      const { prices } = volume;
      const minimum = {
        meter: 'tokens',
        included: '0',
        minimumAmount: '30.00',
        price: { model: 'per_unit', unitAmount: '0.01' },
      } as const;
      subscription = await aSubscription(database, {
        organizationName: 'Fees Ltd',
        definition: { ...volume, fixedFee: '20.00', prices: [...prices, minimum] },
      });
      await collection.saveCard(subscription.organizationId, cards.good);
      await give(10_000n);
      await give(10_000n);
      await use('2026-02-10T00:00:00Z', '10000');
      await closeFirst('2026-03-01T01:00:00Z');
      await lateUnit();
      const tokens = { meter: 'tokens', at: new Date('2026-02-12T00:00:00Z'), quantity: '1000' };
      await addUsage(database, subscription, { ...tokens, settlesIn: new Date('2026-03-01T00:00:00Z') });
      const march = await closeFirst('2026-04-01T01:00:00Z');
      await collection.settle();
      expect(await linesOf(march)).toEqual([
        ['fixed_fee', null, 2_000n],
        ['usage', 'requests', 0n],
        ['usage', 'tokens', 0n],
        ['minimum_commitment', 'tokens', 3_000n],
        ['late_usage', 'requests', -5_000n],
        ['late_usage', 'tokens', 1_000n],
        ['minimum_commitment', 'tokens', -1_000n],
        ['prepaid_credit', 'requests', 5_000n],
        ['prepaid_credit', null, -3_000n],
      ]);
      const { state, totalMinor, providerInvoiceId } = await invoiceOf(march);
      expect({ state, totalMinor }).toEqual({ state: 'paid', totalMinor: 2_400n });
      expect(await collection.provider.retrieveInvoice(providerInvoiceId!)).toMatchObject({ totalMinor: 2_400n });
      expect(await balances()).toEqual([]);
      const { checks } = await verifyLedger(database.context, { provider: collection.provider });
      expect(checks.filter(({ ok, name }) => !ok && name !== 'events')).toEqual([]);
    });

    it('are held to that by the database: a line that returns more, or of another meter or time, is refused', async () => {
      await give(10_000n);
      await use('2026-02-10T00:00:00Z', '10000');
      await closeFirst('2026-03-01T01:00:00Z');
      await lateUnit();
      await closeFirst('2026-04-01T01:00:00Z');
      const copy = (position: number, change: string) =>
        rows(
          `INSERT INTO invoice_line SELECT (jsonb_populate_record(line, jsonb_build_object('id', gen_random_uuid(), 'position', ${position}) || '${change}')).*
           FROM invoice_line line WHERE kind = 'prepaid_credit' AND amount_minor > 0`,
        );
      await tamper(database, `UPDATE invoice SET state = 'draft', number = NULL, issued_at = NULL, paid_at = NULL`);
      await expect(copy(9, '{"amount_minor": 1}')).rejects.toThrow(/invoice_line_credit_return_key/);
      // Where something has expired too, there is room for more than was burned.
      await rows(
        `INSERT INTO credit_entry (grant_id, organization_id, kind, amount_minor, created_at)
         SELECT id, organization_id, 'expired', -9, '2026-04-02T00:00:00Z' FROM credit_grant`,
      );
      await expect(copy(9, '{"meter": "tokens", "amount_minor": 5001}')).rejects.toThrow(/more would come back/);
      await expect(copy(9, '{"period_start": "2026-03-01T00:00:00Z", "amount_minor": 1}')).rejects.toThrow(
        /has not paid/,
      );
      await expect(copy(9, '{"meter": null, "amount_minor": 1}')).rejects.toThrow(/invoice_line_meter_set/);
    });

    it.each([
      ['a return', `UPDATE credit_entry SET amount_minor = 4999 WHERE kind = 'returned'`, ['credits']],
      [
        'its line',
        `UPDATE invoice_line SET amount_minor = 4999 WHERE kind = 'prepaid_credit' AND amount_minor > 0`,
        ['lines', 'credits'],
      ],
    ])('are proven: %s that was changed is named', async (_, sql, names) => {
      await give(10_000n);
      await use('2026-02-10T00:00:00Z', '10000');
      await closeFirst('2026-03-01T01:00:00Z');
      await lateUnit();
      await closeFirst('2026-04-01T01:00:00Z');
      await tamper(database, sql);
      expect((await differing()).map(({ name }) => name)).toEqual(names);
    });
  });

  it('are given at once up to the limit, and above it by two people, once', async () => {
    expect(await give(10_000n)).toMatchObject({ state: 'approved' });
    const { id, state } = await give(10_001n);
    expect(state).toBe('proposed');
    const decide = (actor: Actor, decision: 'approved' | 'refused' = 'approved') =>
      decideOnCredits(database.context, { proposalId: id, decision, actor });
    await expect(decide(ada)).rejects.toMatchObject({ code: 'credit_proposal_needs_another_person' });
    await expect(
      rows(
        `UPDATE credit_proposal SET state = 'approved', decided_by = 'ada', decided_at = proposed_at WHERE id = $1`,
        [id],
      ),
    ).rejects.toThrow(/credit_proposal_two_people/);
    const tries = await Promise.allSettled(Array.from({ length: 3 }, () => decide(grace)));
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await expect(decide(ada, 'refused')).rejects.toMatchObject({ code: 'credit_proposal_decided' });
    expect(new Set(await remaining())).toEqual(new Set([10_000n, 10_001n]));
    expect(await differing()).toEqual([]);
    expect(await rows(`SELECT action, actor_id AS who FROM audit_log WHERE noun = 'credit_grant' ORDER BY id`)).toEqual(
      [
        { action: 'proposed', who: 'ada' },
        { action: 'approved', who: 'ada' },
        { action: 'proposed', who: 'ada' },
        { action: 'approved', who: 'grace' },
      ],
    );
    for (const [change, field] of [
      [{ amountMinor: 0n }, 'amountMinor'],
      [{ currency: 'XXQ' }, 'currency'],
      [{ reason: ' ' }, 'reason'],
      [{ priority: 101 }, 'priority'],
      [{ expiresAt: new Date(start) }, 'expiresAt'],
      [{ meter: 'requests' }, 'product'],
    ] as const)
      await expect(give(1n, change)).rejects.toThrow(`${field}: `);
  });

  it('are a ledger that SQL of the application’s role can only add expiries to', async () => {
    await give(300n);
    const { id: grantId } = (await statement()).grants[0]!;
    await expect(rows(`UPDATE credit_grant SET remaining_minor = 1`)).rejects.toThrow(/permission denied/);
    await expect(rows(`DELETE FROM credit_grant`)).rejects.toThrow(/permission denied/);
    await use('2026-02-10T00:00:00Z', '40');
    await closeAt('2026-03-01T01:00:00Z');
    await expect(rows(`UPDATE credit_entry SET amount_minor = -1`)).rejects.toThrow(/permission denied/);
    const add = (kind: string, amountMinor: number, invoice = 'NULL') =>
      rows(
        `INSERT INTO credit_entry (grant_id, organization_id, kind, amount_minor, invoice_id, created_at)
         VALUES ($1, $2, $3, $4, ${invoice}, '2026-03-02T00:00:00Z')`,
        [grantId, subscription.organizationId, kind, amountMinor],
      );
    await expect(add('returned', 40, '(SELECT id FROM invoice)')).rejects.toThrow(/row-level security/);
    await expect(add('burned', -1, '(SELECT id FROM invoice)')).rejects.toThrow(/row-level security/);
    await expect(add('expired', -261)).rejects.toThrow(/credit_grant_not_overdrawn/);
  });

  it.each([
    ['what is left', `UPDATE credit_grant SET remaining_minor = remaining_minor + 1`, ['credits']],
    ['a burn', `UPDATE credit_entry SET amount_minor = -39`, ['credits']],
    ['a credit line', `UPDATE invoice_line SET amount_minor = -39 WHERE kind = 'prepaid_credit'`, ['lines', 'credits']],
    ['a proposal', `UPDATE credit_proposal SET state = 'refused'`, ['credits']],
  ])('are proven: %s that was changed is named', async (_, sql, names) => {
    await give(300n);
    await use('2026-02-10T00:00:00Z', '40');
    await closeAt('2026-03-01T01:00:00Z');
    expect(await differing()).toEqual([]);
    await tamper(database, sql);
    expect((await differing()).map(({ name }) => name)).toEqual(names);
  });

  describe('that are bought', () => {
    const big = { slug: 'big', title: 'Big pack', currency: 'USD', price: '9', credits: '10', validDays: 30 };
    const any = { slug: 'any', title: 'Any amount', currency: 'USD', minimum: '1', maximum: '50' };
    const mails = {
      runningLow: ({ threshold, left }: CreditAlert) => ({
        subject: `${threshold} % left: ${left}`,
        text: '',
        html: '',
      }),
      topUpStopped: ({ reason }: TopUpStop) => ({ subject: `stopped: ${reason}`, text: '', html: '' }),
    };
    const watch = () => watchCredits(database.context, mails);
    const mailed = () =>
      rows<{ subject: string }>(`SELECT payload->>'subject' AS subject FROM outbox WHERE queue = 'mail' ORDER BY id`);
    let collection: Collection;
    beforeEach(async () => {
      collection = await Collection.start(database);
      await collection.saveCard(subscription.organizationId, cards.good);
      await rows(`UPDATE api_product SET credit_packs = $1`, [JSON.stringify([big, any])]);
    });
    afterEach(() => collection[Symbol.asyncDispose]());

    const buy = (pack: string, amountMinor: bigint | null = null) => {
      const { organizationId, id: subscriptionId } = subscription;
      const paymentProvider = collection.provider;
      return purchaseCredits(database.context, {
        organizationId,
        subscriptionId,
        pack,
        amountMinor,
        paymentProvider,
        actor: ada,
      });
    };
    const booked = async (account: string) => {
      expect(await expectRevenueAsBooked(database.context)).toBeGreaterThan(0);
      const pages = await drain(journalEntryPages(database.context, { from: null, to: null }, 1));
      const postings = pages.flat().flatMap(({ entry }) => entry.postings);
      return postings
        .filter((posting) => posting.account === account)
        .reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
    };
    const topUp = (change: Partial<Parameters<typeof setTopUp>[1]> = {}) => {
      const { organizationId, id: subscriptionId } = subscription;
      const rule = { pack: 'big', amountMinor: null, thresholdMinor: 500n, monthlyLimitMinor: 2_700n };
      return setTopUp(database.context, { organizationId, subscriptionId, ...rule, actor: ada, ...change });
    };

    it('come with an invoice of their own, and are there once it is paid', async () => {
      database.clock.moveTo('2026-02-05T00:00:00Z');
      const tries = await Promise.allSettled([buy('big'), buy('big')]);
      expect(tries.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
      expect(await remaining()).toEqual([]);
      await collection.settle();
      expect((await statement()).grants).toMatchObject([
        {
          source: 'purchased',
          priority: 50,
          amountMinor: 1_000n,
          reason: 'Big pack',
          grantedAt: new Date('2026-02-05T00:00:00Z'),
          expiresAt: new Date('2026-03-07T00:00:00Z'),
        },
      ]);
      const [bought] = await rows<{ id: string }>(`SELECT id FROM invoice`);
      const invoice = await findInvoice(database.context, { invoiceId: bought!.id });
      expect(invoice).toMatchObject({ kind: 'credit_purchase', state: 'paid', number: 'INV-000001', totalMinor: 900n });
      expect(await collection.provider.retrieveInvoice(invoice.providerInvoiceId!)).toMatchObject({ totalMinor: 900n });
      expect(
        (await renderInvoicePdf(await findInvoiceDocument(database.context, { invoiceId: bought!.id }))).length,
      ).toBeGreaterThan(1_000);
      // The period in which they were bought has its own invoice, and another purchase of the same period is another invoice.
      await buy('any', 150n);
      await collection.settle();
      await use('2026-02-10T00:00:00Z', '1100');
      const [period] = await closeAt('2026-03-01T01:00:00Z');
      await collection.settle();
      expect(await creditLines(period!)).toEqual([
        ['Prepaid credits: Big pack ($0.00 of $10.00 left)', -1_000n],
        ['Prepaid credits: Any amount ($0.50 of $1.50 left)', -100n],
      ]);
      const { checks } = await verifyLedger(database.context, { provider: collection.provider });
      expect(checks.filter(({ ok, name }) => !ok && name !== 'events')).toEqual([]);
      // In the books they are owed with their bonus, until they are used or expire.
      expect(await booked('prepaid_credits')).toBe(-50n);
      await buy('big');
      await collection.settle();
      expect(await booked('prepaid_credits')).toBe(-1_050n);
      await closeAt('2026-04-01T01:00:00Z');
      expect(await expireCredits(database.context)).toBe(1);
      expect([await booked('prepaid_credits'), await booked('expired_credit_revenue')]).toEqual([-50n, -1_000n]);
      expect(await booked('promotional_credits')).toBe(200n);
      for (const [pack, amountMinor, code] of [
        ['any', 5_001n, 'credit_amount_invalid'],
        ['big', 100n, 'credit_amount_invalid'],
        ['none', null, 'credit_pack_not_found'],
      ] as const)
        await expect(buy(pack, amountMinor)).rejects.toMatchObject({ code });
    });

    it('are there at once when the balance pays them, and never when their invoice becomes void', async () => {
      const { organizationId } = subscription;
      const proposal = { organizationId, currency: 'USD', amountMinor: 900n, reason: 'Outage', actor: ada };
      const { id: adjustmentId } = await proposeAdjustment(database.context, proposal);
      await decideOnAdjustment(database.context, { adjustmentId, decision: 'approved', actor: grace });
      await buy('big');
      expect(await remaining()).toEqual([1_000n]);
      const { id } = await buy('big');
      await rows(`UPDATE invoice SET state = 'void' WHERE id = $1`, [id]);
      expect(await remaining()).toEqual([1_000n]);
      expect((await statement()).purchases).toEqual([]);
      expect(await differing()).toEqual([]);
      await expect(
        rows(
          `INSERT INTO credit_grant (id, organization_id, seller_slug, currency, amount_minor, source, priority, reason, granted_at, actor_kind)
           VALUES ($1, $2, 'default', 'USD', 1, 'purchased', 1, 'x', '2026-02-01', 'system')`,
          [database.context.ids.next(), organizationId],
        ),
      ).rejects.toThrow(/row-level security/);
      await tamper(database, `UPDATE credit_purchase SET credited_minor = 1001 WHERE invoice_id <> $1`, [id]);
      expect((await differing()).map(({ name }) => name)).toEqual(['credits']);
    });

    it('top themselves up when they run low: one purchase at a time, and no more in a month than the limit', async () => {
      await expect(topUp({ monthlyLimitMinor: 899n })).rejects.toMatchObject({ code: 'top_up_invalid' });
      await topUp();
      const rounds = await Promise.all([watch(), watch(), watch()]);
      expect(rounds.reduce((sum, { bought }) => sum + bought, 0)).toBe(1);
      expect(await watch()).toMatchObject({ bought: 0 });
      await collection.settle();
      expect(await remaining()).toEqual([1_000n]);
      expect(await watch()).toMatchObject({ bought: 0 });
      // 5.01 of usage leave less than 5.00 of 10.00, which nobody has invoiced yet.
      await use('2026-02-10T00:00:00Z', '501');
      database.clock.moveTo('2026-02-11T00:00:00Z');
      expect(await watch()).toMatchObject({ bought: 1 });
      await collection.settle();
      await use('2026-02-11T00:00:00Z', '2000');
      database.clock.moveTo('2026-02-12T00:00:00Z');
      // Two more are missing, and the month has room for one.
      expect(await watch()).toMatchObject({ bought: 1, alerts: 1 });
      await collection.settle();
      expect(await watch()).toMatchObject({ bought: 0 });
      expect(await rows(`SELECT price_minor AS price, origin FROM credit_purchase ORDER BY id`)).toEqual(
        Array.from({ length: 3 }, () => ({ price: '900', origin: 'top_up' })),
      );
      database.clock.moveTo('2026-03-01T00:00:00Z');
      expect(await watch()).toMatchObject({ bought: 1 });
      await collection.settle();
      expect(await differing()).toEqual([]);
    });

    it('are not topped up any more after a payment that failed, which is told once', async () => {
      await collection.saveCard(subscription.organizationId, cards.declined);
      await topUp();
      expect(await watch()).toMatchObject({ bought: 1 });
      await collection.settle();
      expect(await watch()).toMatchObject({ bought: 0, stopped: 1 });
      expect(await watch()).toMatchObject({ bought: 0, stopped: 0 });
      expect((await statement()).topUps).toMatchObject([{ state: 'stopped' }]);
      expect((await statement()).purchases).toMatchObject([{ hasFailed: true, origin: 'top_up' }]);
      expect(await mailed()).toEqual([{ subject: 'stopped: payment_failed' }]);
      // A card that works pays the invoice; then the rule can begin again.
      await collection.saveCard(subscription.organizationId, cards.good);
      await collection.settle();
      expect(await remaining()).toEqual([1_000n]);
      await topUp();
      expect(await watch()).toMatchObject({ bought: 0 });
    });

    it('are told of by mail once when a fifth of them is left, and when nothing is', async () => {
      await give(1_000n);
      await use('2026-02-02T00:00:00Z', '799');
      expect(await watch()).toMatchObject({ alerts: 0 });
      await use('2026-02-03T00:00:00Z', '1');
      expect(await Promise.all([watch(), watch()])).toHaveLength(2);
      await use('2026-02-04T00:00:00Z', '500');
      await watch();
      await watch();
      expect(await mailed()).toEqual([{ subject: '20 % left: $2.00' }, { subject: '0 % left: $0.00' }]);
    });

    it('are told of although those of another organization cannot be estimated', async () => {
      const other = await aSubscription(database, { organizationName: 'Other', definition });
      await give(100n);
      await give(100n, { organizationId: other.organizationId });
      await use('2026-02-02T00:00:00Z', '90', undefined, other);
      await tamper(
        database,
        `UPDATE plan_version SET definition = definition || '{"fixedFee": "none"}' WHERE id = $1`,
        [subscription.planVersionId],
      );
      await expect(watch()).rejects.toThrow(`organization ${subscription.organizationId}.`);
      expect(await mailed()).toEqual([{ subject: '20 % left: $0.10' }]);
    });
  });
});
