import {
  closeDuePeriods,
  exportInvoicesCsv,
  issueDueInvoices,
  issueReviewed,
  listInvoices,
  setReviewWindow,
  verifyLedger,
} from '#services';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SubscriptionRow, PAY_ALL, aPlanDefinition, aSubscription } from '../../support/billing-rows.js';
import { type TestDatabase, createTestDatabase, tamper } from '../../support/database.js';

const start = '2026-02-01T00:00:00Z';
const closing = new Date('2026-03-01T01:00:00Z');
const HOUR = 3_600_000;
const actor = { kind: 'user', id: 'finance' } as const;

/** State and payment. */
const CHANGEABLE = [
  'state',
  'generation',
  'attempt',
  'provider_invoice_id',
  'hosted_url',
  'hosted_pdf_url',
  'paid_at',
  'failure_code',
  'failure_message',
  'failed_at',
  // Each once, at a time of its own.
  'asked_at',
  'carried_at',
];

describe('invoices in review', () => {
  let database: TestDatabase;
  let subscription: SubscriptionRow;
  beforeEach(async () => {
    database = await createTestDatabase(start);
    subscription = await aSubscription(database, { definition: aPlanDefinition({ fixedFee: '5.00' }) });
  });
  afterEach(() => database.dispose());

  const rows = <Row>(sql: string, parameters: readonly unknown[] = []) =>
    database.unitOfWork.inSystem((transaction) => transaction.query<Row>(sql, parameters));
  const invoices = () =>
    rows<{ id: string; state: string; number: string | null }>(`SELECT id, state, number FROM invoice ORDER BY id`);
  const close = async (hours: number) => {
    await setReviewWindow(database.context, { organizationId: subscription.organizationId, hours, actor });
    database.clock.moveTo(closing);
    return (await closeDuePeriods(database.context, { graceMs: HOUR })).closed;
  };
  const jobs = async () => (await rows(`SELECT 1 FROM outbox WHERE queue = 'payments'`)).length;

  it('wait as long as their organization has it, without a number and without being collected, unseen by their payer', async () => {
    expect(await close(24)).toMatchObject([{ number: null, totalMinor: 500n }]);
    const { organizationId } = subscription;
    expect(await invoices()).toMatchObject([{ state: 'review', number: null }]);
    expect(await jobs()).toBe(0);
    expect((await listInvoices(database.context, { organizationId })).invoices).toEqual([]);
    expect((await listInvoices(database.context)).invoices).toMatchObject([
      { state: 'review', reviewEndsAt: new Date(closing.getTime() + 24 * HOUR) },
    ]);
    let pieces = 0;
    for await (const _ of exportInvoicesCsv(database.context)) pieces += 1;
    expect(pieces).toBe(1);
    database.clock.moveTo(closing.getTime() + 24 * HOUR - 1);
    expect(await issueDueInvoices(database.context)).toBe(0);
    expect(await verifyLedger(database.context)).toMatchObject({ ok: true });

    database.clock.moveTo(closing.getTime() + 24 * HOUR);
    expect(await issueDueInvoices(database.context)).toBe(1);
    expect(await issueDueInvoices(database.context)).toBe(0);
    expect(await invoices()).toMatchObject([{ state: 'issued', number: 'INV-000001' }]);
    expect(await jobs()).toBe(1);
    expect((await listInvoices(database.context, { organizationId })).invoices).toHaveLength(1);
    expect(await verifyLedger(database.context)).toMatchObject({ ok: true });
  });

  it('are issued at once where nobody looks at them', async () => {
    expect(await close(0)).toMatchObject([{ number: 'INV-000001' }]);
    expect(await invoices()).toMatchObject([{ state: 'issued' }]);
  });

  it('are issued earlier by finance, once, and the audit log says by whom', async () => {
    await close(24);
    const invoiceId = (await invoices())[0]!.id;
    const issued = await Promise.all(
      Array.from({ length: 4 }, () =>
        issueReviewed(database.context, { invoiceId, actor }).catch((error: Error) => error.message),
      ),
    );
    expect(issued.some((one) => typeof one === 'object' && one.number === 'INV-000001')).toBe(true);
    expect(await jobs()).toBe(1);
    expect(await rows(`SELECT action, actor_id AS who FROM audit_log WHERE noun = 'invoice' ORDER BY id`)).toEqual([
      { action: 'locked', who: 'finance' },
      { action: 'issued', who: 'finance' },
    ]);
    await expect(issueReviewed(database.context, { invoiceId, actor })).rejects.toMatchObject({
      code: 'invoice_not_in_review',
    });
    await expect(issueReviewed(database.context, { invoiceId: subscription.id, actor })).rejects.toMatchObject({
      code: 'invoice_not_found',
    });
  });

  it('have numbers without gaps, whatever number of workers issue them at the same time and when one stopped half-way', async () => {
    for (let index = 0; index < 7; index++) await aSubscription(database, { organizationName: `Org ${index}` });
    await rows(`UPDATE organization SET invoice_review_hours = 1`);
    await close(1);
    database.clock.moveTo(closing.getTime() + HOUR);
    // As after a crash between the two steps.
    await rows(`UPDATE invoice SET state = 'locked' WHERE id = (SELECT min(id::text)::uuid FROM invoice)`);
    const counts = await Promise.all(Array.from({ length: 4 }, () => issueDueInvoices(database.context)));
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(8);
    const numbers = (await invoices()).map(({ number }) => String(number)).toSorted();
    expect(numbers).toEqual(Array.from({ length: 8 }, (_, index) => `INV-00000${index + 1}`));
    expect(await verifyLedger(database.context)).toMatchObject({ ok: true });
  });

  it.each(['review', 'locked', 'issued', 'paid'])('are fixed by the database once they are %s', async (state) => {
    await close(state === 'review' || state === 'locked' ? 1 : 0);
    if (state === 'locked') await rows(`UPDATE invoice SET state = 'locked'`);
    if (state === 'paid') {
      await rows(PAY_ALL);
      await rows(`UPDATE invoice SET state = 'paid', paid_at = issued_at`);
    }
    const columns = await rows<{ name: string; type: string }>(
      `SELECT column_name AS name, data_type AS type FROM information_schema.columns
       WHERE table_name = 'invoice' AND column_name <> ALL ($1)`,
      [state === 'review' ? [...CHANGEABLE, 'review_ends_at'] : CHANGEABLE],
    );
    expect(columns.length).toBeGreaterThanOrEqual(14);
    const other: Readonly<Record<string, string>> = {
      uuid: 'gen_random_uuid()',
      text: `'OTHER'`,
      bigint: '7',
      integer: '7',
      jsonb: `'{}'`,
      'timestamp with time zone': `'2020-01-01T00:00:00Z'`,
    };
    for (const { name, type } of columns) {
      const change = rows(`UPDATE invoice SET ${name} = ${other[type]}`);
      await expect(change, name).rejects.toThrow(
        /only its state and payment|gets its (?:number|terms)|past due is said once|review is over|stays one of|cannot join|are carried into it|violates/,
      );
    }
    await expect(rows(`UPDATE invoice SET state = 'draft', issued_at = NULL, number = NULL`)).rejects.toThrow(
      /invoice/,
    );
    await expect(rows(`DELETE FROM invoice`)).rejects.toThrow(/permission denied/);
    await expect(rows(`UPDATE invoice_line SET amount_minor = 0`)).rejects.toThrow(/permission denied/);
    await expect(rows(`DELETE FROM invoice_line`)).rejects.toThrow(/permission denied/);
    const copy = `INSERT INTO invoice_line SELECT (jsonb_populate_record(line, jsonb_build_object('id', gen_random_uuid(),
      'position', 99))).* FROM invoice_line AS line LIMIT 1`;
    await expect(rows(copy)).rejects.toThrow(/lines of invoice .* are fixed/);
  });

  it.each([
    ['review', 'issued', /cannot become issued|violates/],
    ['review', 'paid', /cannot become paid|violates/],
    ['locked', 'review', /cannot become review|violates/],
    ['locked', 'void', /cannot become void|violates/],
  ])('that are %s cannot jump to %s', async (from, to, reason) => {
    await close(1);
    if (from === 'locked') await rows(`UPDATE invoice SET state = 'locked'`);
    const jump = rows(`UPDATE invoice SET state = $1, review_ends_at = coalesce(review_ends_at, created_at)`, [to]);
    await expect(jump).rejects.toThrow(reason);
  });

  it.each(['review', 'locked', 'issued', 'paid'])('cannot come into being as %s', async (state) => {
    await close(0);
    const begun = rows(
      `INSERT INTO invoice SELECT (jsonb_populate_record(invoice, jsonb_build_object('id', gen_random_uuid(), 'state', $1::text,
         'period_start', '2026-03-01T00:00:00Z'))).* FROM invoice`,
      [state],
    );
    await expect(begun).rejects.toThrow(`is ${state}: it must begin as a draft`);
  });

  it('have a window of whole hours up to thirty days, of organizations that exist', async () => {
    const { organizationId } = subscription;
    for (const hours of [-1, 1.5, 721, Number.NaN])
      await expect(setReviewWindow(database.context, { organizationId, hours, actor })).rejects.toMatchObject({
        code: 'review_hours_invalid',
      });
    const unknown = setReviewWindow(database.context, { organizationId: subscription.id, hours: 1, actor });
    await expect(unknown).rejects.toMatchObject({ code: 'organization_not_found' });
  });

  it('that somebody has changed all the same are named by the proof', async () => {
    await close(24);
    await tamper(database, `UPDATE invoice SET total_minor = 400, subtotal_minor = 400`);
    expect(await verifyLedger(database.context)).toMatchObject({ ok: false });
  });
});
