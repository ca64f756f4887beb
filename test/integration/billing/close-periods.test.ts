import { drawInvoiceSequences } from '#persistence';
import { closeDuePeriods, closePeriodsAt } from '#services';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aGateway, aPlanDefinition, aSubscription, addUsage, graduatedRequests } from '../../support/billing-rows.js';
import { type TestDatabase, createTestDatabase, tamper } from '../../support/database.js';

const HOUR = 3_600_000;
const start = new Date('2026-01-31T10:00:00Z');
const end = new Date('2026-02-28T10:00:00Z');
const due = new Date(end.getTime() + HOUR);

describe('closing periods', () => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await createTestDatabase(start.toISOString());
  });
  afterEach(() => database.dispose());

  const close = (options: Partial<Parameters<typeof closeDuePeriods>[1]> = {}) =>
    closeDuePeriods(database.context, { graceMs: HOUR, ...options });
  const rows = <Row>(sql: string, parameters: readonly unknown[] = []) =>
    database.unitOfWork.inSystem((transaction) => transaction.query<Row>(sql, parameters));

  it('waits for the end and the grace, and not longer', async () => {
    await aSubscription(database);
    database.clock.moveTo(due.getTime() - 1);
    expect(await close()).toEqual({ closed: [], held: [] });
    database.clock.moveTo(due);
    expect((await close()).closed).toHaveLength(1);
    expect(await close()).toEqual({ closed: [], held: [] });
  });

  it('invoices the fixed fee and each meter by the tiers, from billable live usage only', async () => {
    const subscription = await aSubscription(database, {
      definition: aPlanDefinition({ prices: [graduatedRequests] }),
    });
    await addUsage(database, subscription, { at: new Date('2026-02-01T00:00:00Z'), quantity: '1000.5' });
    await addUsage(database, subscription, { at: new Date('2026-02-28T09:59:59Z'), quantity: '599.5' });
    await addUsage(database, subscription, { at: new Date('2026-02-10T00:00:00Z'), quantity: '77', billable: false });
    database.clock.moveTo(due);
    const { closed } = await close();
    // 1600 units, 100 included: 1000 at a cent, 500 at half a cent, and the flat amount of the second tier.
    expect(closed).toEqual([
      {
        subscriptionId: subscription.id,
        organizationId: subscription.organizationId,
        periodStart: start,
        periodEnd: end,
        invoiceId: expect.any(String),
        number: 'INV-000001',
        totalMinor: 100n + 1000n + 250n + 250n,
        currency: 'USD',
      },
    ]);
    expect(
      await rows('SELECT position, kind, meter, quantity, amount_minor FROM invoice_line ORDER BY position'),
    ).toEqual([
      { position: 1, kind: 'fixed_fee', meter: null, quantity: '1.000000000000', amount_minor: '100' },
      { position: 2, kind: 'usage', meter: 'requests', quantity: '1600.000000000000', amount_minor: '1500' },
    ]);
    expect(await rows(`SELECT job_name, job_id, queue, payload FROM outbox`)).toEqual([
      {
        job_name: 'collect-invoice',
        job_id: `collect-${closed[0]!.invoiceId}-g1`,
        queue: 'payments',
        payload: { invoiceId: closed[0]!.invoiceId },
      },
    ]);
    expect(await rows(`SELECT action, noun, actor_kind FROM audit_log`)).toEqual([
      { action: 'closed', noun: 'billing_period', actor_kind: 'system' },
    ]);
  });

  it('pays an invoice over nothing at once, without a number and without a collection', async () => {
    await aSubscription(database, { definition: aPlanDefinition({ fixedFee: '0' }) });
    database.clock.moveTo(due);
    expect((await close()).closed).toMatchObject([{ number: null, totalMinor: 0n }]);
    expect(await rows('SELECT state, number, paid_at FROM invoice')).toEqual([
      { state: 'paid', number: null, paid_at: due },
    ]);
    expect(await rows('SELECT 1 FROM outbox')).toEqual([]);
    expect(await rows('SELECT last_invoice_sequence FROM seller')).toEqual([{ last_invoice_sequence: '0' }]);
  });

  it('closes each period exactly once, with gapless numbers, however many call at the same time', async () => {
    for (let index = 0; index < 12; index++) await aSubscription(database);
    database.clock.moveTo('2026-04-30T12:00:00Z');
    const results = await Promise.all(Array.from({ length: 8 }, () => close()));
    const closed = [...results.flatMap((result) => result.closed), ...(await close()).closed];
    expect(results.flatMap((result) => result.held)).toEqual([]);
    expect(
      new Set(closed.map(({ subscriptionId, periodStart }) => `${subscriptionId} ${periodStart.toISOString()}`)).size,
    ).toBe(36);
    expect(closed).toHaveLength(36);
    const numbers = await rows<{ number: string }>('SELECT number FROM invoice ORDER BY number');
    expect(numbers.map(({ number }) => number)).toEqual(
      Array.from({ length: 36 }, (_, index) => `INV-${String(index + 1).padStart(6, '0')}`),
    );
  });

  it('waits for whoever closes a period right now, and tells what became of it', async () => {
    await aSubscription(database);
    database.clock.moveTo(due);
    const byPerson = { at: end, clockControl: null, actor: { kind: 'user', id: 'finance' } } as const;
    let closing: ReturnType<typeof closePeriodsAt> | undefined;
    await database.unitOfWork.inSystem(async (transaction) => {
      await transaction.query('SELECT FROM billing_period FOR UPDATE');
      closing = closePeriodsAt(database.context, byPerson);
      // Long enough to see that the period is locked.
      await new Promise((resolve) => setTimeout(resolve, 300));
    });
    expect(await closing).toMatchObject({ closed: [{ number: 'INV-000001' }], held: [] });
  });

  it('draws a number while others have written an invoice of the same seller and not committed it', async () => {
    const readSeller = `SELECT 1 FROM seller WHERE slug = 'default' FOR KEY SHARE`;
    await database.unitOfWork.inSystem(async (other) => {
      // As the foreign key of an invoice does.
      await other.query(readSeller);
      await database.unitOfWork.inSystem(async (transaction) => {
        await transaction.query(readSeller);
        await transaction.query(`SET LOCAL lock_timeout = '5s'`);
        await expect(drawInvoiceSequences(transaction, 'default', 2)).resolves.toMatchObject({ first: 1 });
      });
    });
  });

  it('gives the number of a rolled back invoice to the next one, and does not let one broken period stop the others', async () => {
    const broken = await aSubscription(database);
    await tamper(database, `DELETE FROM subscription_phase WHERE subscription_id = $1`, [broken.id]);
    await addUsage(database, broken, { at: start, quantity: '1' });
    const sound = await aSubscription(database, { anchorAt: new Date(start.getTime() + 1) });
    database.clock.moveTo(due.getTime() + 1);
    const result = await close();
    expect(result.closed).toMatchObject([{ subscriptionId: sound.id, number: 'INV-000001' }]);
    expect(result.held).toMatchObject([
      { subscriptionId: broken.id, reason: expect.stringContaining('none of its phases') },
    ]);
    expect(await rows('SELECT subscription_id FROM invoice')).toEqual([{ subscription_id: sound.id }]);
    expect(
      await rows(`SELECT state FROM billing_period WHERE subscription_id = $1 ORDER BY starts_at`, [broken.id]),
    ).toEqual([{ state: 'incomplete' }, { state: 'open' }]);
  });

  it('draws no number for an invoice that was rolled back', async () => {
    const subscription = await aSubscription(database);
    await tamper(
      database,
      `INSERT INTO invoice (id, organization_id, subscription_id, period_start, period_end, state, number, currency,
         subtotal_minor, tax_minor, total_minor, rating_hash, created_at, issued_at, due_at, seller_slug, seller)
       VALUES ($1, $2, $3, $4, $5, 'issued', 'INV-000001', 'USD', 1, 0, 1, '', $4, $4, $4, 'default', '{}')`,
      [database.context.ids.next(), subscription.organizationId, subscription.id, new Date(0), start],
    );
    database.clock.moveTo(due);
    expect((await close()).held).toMatchObject([{ reason: expect.stringContaining('invoice_number_key') }]);
    expect(await rows('SELECT last_invoice_sequence FROM seller')).toEqual([{ last_invoice_sequence: '0' }]);
    expect(await rows('SELECT 1 FROM outbox')).toEqual([]);
  });

  it('holds a period while a gateway lags, says which and why, and closes it once the gateway has caught up', async () => {
    const subscription = await aSubscription(database);
    await aGateway(database, { id: 'gw-ahead', admittedThrough: due });
    await aGateway(database, { id: 'gw-silent', admittedThrough: new Date(end.getTime() - 1) });
    await aGateway(database, { id: 'gw-shipping', admittedThrough: due, sealedSegment: 5, acknowledgedSegment: 3 });
    database.clock.moveTo(due);
    const { closed, held } = await close();
    expect(closed).toEqual([]);
    expect(held).toMatchObject([{ subscriptionId: subscription.id, periodStart: start, periodEnd: end }]);
    expect(held[0]!.reason).toMatch(
      /gw-shipping has 2 of 5 journal segments.*gw-silent .*up to 2026-02-28T09:59:59.999Z/,
    );
    expect(held[0]!.reason).not.toContain('gw-ahead');
    expect(await rows('SELECT state, held_reason FROM billing_period')).toEqual([
      { state: 'incomplete', held_reason: held[0]!.reason },
    ]);
    await aGateway(database, { id: 'gw-silent', admittedThrough: end });
    await aGateway(database, { id: 'gw-shipping', admittedThrough: due, sealedSegment: 5 });
    expect((await close()).closed).toHaveLength(1);
  });

  it('does not wait for a gateway that has stopped in good order, unless its segments are missing', async () => {
    await aSubscription(database);
    await aGateway(database, {
      id: 'gw',
      state: 'stopped',
      admittedThrough: start,
      sealedSegment: 2,
      acknowledgedSegment: 1,
    });
    database.clock.moveTo(due);
    expect((await close()).held).toHaveLength(1);
    await aGateway(database, { id: 'gw', state: 'stopped', admittedThrough: start, sealedSegment: 2 });
    expect((await close()).closed).toHaveLength(1);
  });

  it('closes without a lagging gateway when an operator releases the period, and says so in the audit log', async () => {
    await aSubscription(database);
    await aGateway(database, { id: 'gw-lost', admittedThrough: start });
    database.clock.moveTo(due);
    expect((await close({ releaseIncomplete: true, actor: { kind: 'user', id: 'u1' } })).closed).toHaveLength(1);
    expect(await rows(`SELECT actor_id, action, details->'releasedFrom'->>0 AS released FROM audit_log`)).toEqual([
      { actor_id: 'u1', action: 'released', released: expect.stringContaining('gw-lost') },
    ]);
  });

  it('bills usage that came late on the next invoice, at the tier that its own period had reached', async () => {
    const subscription = await aSubscription(database, {
      definition: aPlanDefinition({ prices: [graduatedRequests] }),
    });
    await addUsage(database, subscription, { at: start, quantity: '1050' });
    database.clock.moveTo(due);
    await close();
    // 950 units were billed of the first thousand: 50 more cost a cent, 100 half a cent and the tier's flat amount.
    await addUsage(database, subscription, { at: new Date('2026-02-02T00:00:00Z'), quantity: '150', settlesIn: end });
    await addUsage(database, subscription, { at: end, quantity: '40' });
    database.clock.moveTo('2026-03-31T12:00:00Z');
    const { closed } = await close();
    expect(closed).toMatchObject([{ periodStart: end, totalMinor: 100n + 50n + 50n + 250n }]);
    expect(
      await rows(
        'SELECT kind, period_start, quantity::float8, amount_minor FROM invoice_line WHERE invoice_id = $1 ORDER BY position',
        [closed[0]!.invoiceId],
      ),
    ).toEqual([
      { kind: 'fixed_fee', period_start: end, quantity: 1, amount_minor: '100' },
      { kind: 'usage', period_start: end, quantity: 40, amount_minor: '0' },
      { kind: 'late_usage', period_start: start, quantity: 150, amount_minor: '350' },
    ]);
  });

  it('takes what earlier late lines have billed into account for the next ones', async () => {
    const subscription = await aSubscription(database);
    await addUsage(database, subscription, { at: start, quantity: '90' });
    database.clock.moveTo(due);
    await close();
    await addUsage(database, subscription, { at: new Date('2026-02-02T00:00:00Z'), quantity: '15', settlesIn: end });
    database.clock.moveTo('2026-03-31T12:00:00Z');
    expect((await close()).closed).toMatchObject([{ totalMinor: 105n }]);
    await addUsage(database, subscription, {
      at: new Date('2026-02-03T00:00:00Z'),
      quantity: '7',
      settlesIn: new Date('2026-03-31T10:00:00Z'),
    });
    database.clock.moveTo('2026-04-30T12:00:00Z');
    expect((await close()).closed).toMatchObject([{ totalMinor: 107n }]);
  });

  it('lets nothing be added to a closed period, and nothing be changed on an issued invoice', async () => {
    const subscription = await aSubscription(database);
    await addUsage(database, subscription, { at: start, quantity: '1' });
    database.clock.moveTo(due);
    await close();
    await expect(
      addUsage(database, subscription, { at: new Date('2026-02-02T00:00:00Z'), quantity: '1' }),
    ).rejects.toThrow(/is closed/);
    for (const statement of [
      `UPDATE usage_rollup SET quantity_sum = 2`,
      `UPDATE usage_hour SET quantity_sum = 2`,
      `UPDATE billing_period SET ends_at = ends_at + interval '1 day' WHERE state = 'closed'`,
      `UPDATE billing_period SET state = 'open', closed_at = NULL WHERE state = 'closed'`,
      `UPDATE invoice SET total_minor = 5, subtotal_minor = 5`,
      `UPDATE invoice SET number = 'INV-9'`,
      `UPDATE invoice SET state = 'draft', issued_at = NULL`,
    ]) {
      await expect(rows(statement), statement).rejects.toThrow(/closed|issued/);
    }
    await expect(rows(`UPDATE invoice_line SET amount_minor = 0`)).rejects.toThrow(/permission denied|fixed/);
    await expect(rows(`DELETE FROM invoice`)).rejects.toThrow(/permission denied|never deleted/);
  });

  it('rates each phase by its own plan, and asks for its share of the fixed fee', async () => {
    const subscription = await aSubscription(database);
    const changedAt = new Date('2026-02-15T00:00:00Z');
    const next = { phaseId: database.context.ids.next(), planVersionId: database.context.ids.next() };
    const definition = aPlanDefinition({
      fixedFee: '9.00',
      prices: [{ meter: 'requests', included: '0', price: { model: 'per_unit', unitAmount: '0.02' } }],
    });
    await database.unitOfWork.inSystem(async (transaction) => {
      await transaction.query(`UPDATE plan_version SET state = 'retired'`);
      await transaction.query(
        `INSERT INTO plan_version SELECT $1, plan_id, 2, 'published', $2, 'hash', $3 FROM plan_version`,
        [next.planVersionId, JSON.stringify(definition), changedAt],
      );
      await transaction.query(`UPDATE subscription_phase SET ends_at = $1`, [changedAt]);
      await transaction.query(`INSERT INTO subscription_phase VALUES ($1, $2, $3, $4, $5)`, [
        next.phaseId,
        subscription.organizationId,
        subscription.id,
        next.planVersionId,
        changedAt,
      ]);
    });
    await addUsage(database, subscription, { at: start, quantity: '110' });
    await addUsage(database, subscription, { at: changedAt, quantity: '10', ...next });
    database.clock.moveTo(due);
    const { closed } = await close();
    // The first phase is 350 of 672 hours.
    expect(closed).toMatchObject([{ totalMinor: 52n + 10n + 431n + 20n }]);
    expect(await rows('SELECT phase_id, kind, amount_minor FROM invoice_line ORDER BY position')).toEqual([
      { phase_id: subscription.phaseId, kind: 'fixed_fee', amount_minor: '52' },
      { phase_id: subscription.phaseId, kind: 'usage', amount_minor: '10' },
      { phase_id: next.phaseId, kind: 'fixed_fee', amount_minor: '431' },
      { phase_id: next.phaseId, kind: 'usage', amount_minor: '20' },
    ]);
  });

  it('makes no period after a cancellation', async () => {
    const subscription = await aSubscription(database);
    await rows(`UPDATE subscription SET state = 'canceled', canceled_at = $2 WHERE id = $1`, [
      subscription.id,
      new Date('2026-02-20T00:00:00Z'),
    ]);
    database.clock.moveTo('2026-08-01T00:00:00Z');
    expect((await close()).closed).toMatchObject([{ periodStart: start, totalMinor: 70n }]);
    expect(await rows('SELECT 1 FROM billing_period')).toHaveLength(1);
  });

  it('closes a period after the cancellation without an invoice, unless something came late', async () => {
    const subscription = await aSubscription(database);
    await addUsage(database, subscription, { at: start, quantity: '100' });
    database.clock.moveTo(due);
    await close();
    await rows(`UPDATE subscription SET state = 'canceled', canceled_at = $2 WHERE id = $1`, [subscription.id, end]);
    await addUsage(database, subscription, { at: new Date('2026-02-02T00:00:00Z'), quantity: '5', settlesIn: end });
    database.clock.moveTo('2026-03-31T12:00:00Z');
    expect((await close()).closed).toMatchObject([{ periodStart: end, totalMinor: 5n }]);

    const other = await aSubscription(database);
    await rows(`UPDATE subscription SET state = 'canceled', canceled_at = $2 WHERE id = $1`, [
      other.id,
      other.anchorAt,
    ]);
    database.clock.moveTo('2026-06-30T12:00:00Z');
    expect((await close()).closed).toMatchObject([
      { subscriptionId: other.id, invoiceId: null, number: null, totalMinor: 0n },
    ]);
  });

  it('stops at the limit and goes on at the next call', async () => {
    await aSubscription(database);
    database.clock.moveTo('2027-01-31T12:00:00Z');
    expect((await close({ limit: 5 })).closed).toHaveLength(5);
    expect((await close()).closed).toHaveLength(7);
  });
});

describe('closing periods on request', () => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await createTestDatabase(start.toISOString());
  });
  afterEach(() => database.dispose());
  const actor = { kind: 'cli', id: null } as const;

  it('refuses a time that has not come when the clock cannot be moved, and says what to do', async () => {
    await aSubscription(database);
    const request = closePeriodsAt(database.context, { at: end, clockControl: null, actor });
    await expect(request).rejects.toMatchObject({
      code: 'clock_not_movable',
      message: expect.stringContaining('TIME_MACHINE'),
    });
  });

  it('moves the clock, waits for the gateways to pass the end, and needs no grace', async () => {
    await aSubscription(database);
    await aGateway(database, { id: 'gw', admittedThrough: start });
    const clockControl = {
      moveTo: async (at: Date) => {
        database.clock.moveTo(at);
        setTimeout(() => void aGateway(database, { id: 'gw', admittedThrough: at }), 150);
      },
    };
    const { closed, held } = await closePeriodsAt(database.context, { at: end, clockControl, actor, pollMs: 20 });
    expect(held).toEqual([]);
    expect(closed).toMatchObject([{ periodEnd: end, number: 'INV-000001' }]);
  });

  it('gives up on a gateway that stays behind, and names it', async () => {
    await aSubscription(database);
    await aGateway(database, { id: 'gw-lost', admittedThrough: start });
    database.clock.moveTo(end);
    const { closed, held } = await closePeriodsAt(database.context, {
      clockControl: null,
      actor,
      timeoutMs: 100,
      pollMs: 20,
    });
    expect(closed).toEqual([]);
    expect(held).toMatchObject([{ reason: expect.stringContaining('gw-lost') }]);
  });
});
