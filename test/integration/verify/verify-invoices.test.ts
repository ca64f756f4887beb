import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { VerifiedLedger, periodStart } from '../../support/verified-ledger.js';

describe('the proof of the invoices', () => {
  let ledger: VerifiedLedger;
  beforeEach(async () => {
    ledger = await VerifiedLedger.create();
  });
  afterEach(() => ledger.dispose());

  const aLine = (kind: string) =>
    ledger.row<{ id: string; invoice_id: string }>(
      `SELECT id, invoice_id FROM invoice_line WHERE kind = $1 ORDER BY id LIMIT 1`,
      [kind],
    );
  const anInvoice = () =>
    ledger.row<{ id: string; number: string }>(
      `SELECT id, number FROM invoice WHERE number IS NOT NULL ORDER BY number LIMIT 1`,
    );

  it.each([
    ['usage', 'amount', `amount_minor = amount_minor + 1`],
    ['usage', 'quantity', `quantity = quantity + 1`],
    ['usage', 'breakdown', `breakdown = '[]'`],
    ['usage', 'input hash', `input_hash = 'another'`],
    ['fixed_fee', 'amount', `amount_minor = 1`],
    ['late_usage', 'quantity', `quantity = quantity - 1`],
    ['late_usage', 'period', `period_start = '2026-03-01T00:00:00Z'`],
  ])('names a %s line whose %s was changed', async (kind, _, change) => {
    const { id } = await aLine(kind);
    await ledger.tamper(`UPDATE invoice_line SET ${change} WHERE id = $1`, [id]);
    expect((await ledger.differences())[0]).toMatchObject({ check: 'lines', row: `invoice_line ${id}` });
  });

  it('names a line that was deleted, or added', async () => {
    const { id, invoice_id: invoiceId } = await aLine('usage');
    await ledger.tamper(`DELETE FROM invoice_line WHERE id = $1`, [id]);
    expect((await ledger.differences())[0]).toMatchObject({
      check: 'lines',
      row: `invoice_line ${invoiceId}, position 2`,
      actual: 'none',
    });
  });

  it('names an hour that no longer gives its line', async () => {
    await ledger.tamper(`UPDATE usage_hour SET quantity_sum = quantity_sum + 1 WHERE settles_in = $1 AND billable`, [
      periodStart,
    ]);
    const checks = (await ledger.differences()).map(({ check }) => check);
    expect(checks).toEqual(['rollups', 'lines']);
  });

  it('names an invoice whose subtotal is not the sum of its lines', async () => {
    const { id } = await anInvoice();
    await ledger.tamper(
      `UPDATE invoice SET subtotal_minor = subtotal_minor + 5, total_minor = total_minor + 5 WHERE id = $1`,
      [id],
    );
    expect(await ledger.differences()).toMatchObject([
      { check: 'lines', row: `invoice ${id}` },
      // Its taxes are on another sum then, too.
      { check: 'invoices', row: `invoice ${id}` },
    ]);
  });

  it('names a closed period whose invoice is gone, and the number that is missing', async () => {
    const { id, number } = await anInvoice();
    await ledger.tamper(`DELETE FROM invoice_line WHERE invoice_id = $1`, [id]);
    await ledger.tamper(`DELETE FROM invoice WHERE id = $1`, [id]);
    const [lines, invoices] = await ledger.differences();
    expect(lines).toMatchObject({
      check: 'lines',
      row: expect.stringContaining('billing_period '),
      actual: 'no invoice',
    });
    expect(invoices).toMatchObject({
      check: 'invoices',
      row: `invoice number ${Number(number.split('-')[1])} of seller default`,
    });
  });

  it('names the series of numbers when its end was cut off', async () => {
    await ledger.tamper(`UPDATE seller SET last_invoice_sequence = last_invoice_sequence + 1`);
    expect(await ledger.differences()).toMatchObject([
      { check: 'invoices', row: 'seller default last_invoice_sequence' },
    ]);
  });

  it.each([
    ['paid without a date', `state = 'paid'`],
    ['issued without a number', `number = NULL`],
    ['of a period that is open', `period_start = '2026-04-01T00:00:00Z'`],
  ])('names an invoice that is %s', async (_, change) => {
    const { id } = await ledger.row<{ id: string }>(
      `SELECT id FROM invoice WHERE number IS NOT NULL ORDER BY number DESC LIMIT 1`,
    );
    await ledger.tamper(`ALTER TABLE invoice DROP CONSTRAINT invoice_number_when_money`);
    await ledger.tamper(`UPDATE invoice SET ${change} WHERE id = $1`, [id]);
    const found = (await ledger.differences()).filter(({ check }) => check === 'invoices');
    expect(found).toHaveLength(1);
  });

  it('names an invoice whose payment is of another amount', async () => {
    const { id } = await anInvoice();
    await ledger.tamper(`UPDATE invoice SET state = 'paid', paid_at = issued_at WHERE id = $1`, [id]);
    await ledger.tamper(
      `INSERT INTO payment (id, organization_id, invoice_id, method, provider_payment_id, attempt, state, amount_minor, currency, created_at)
       SELECT gen_random_uuid(), organization_id, id, 'card', 'pi_1', 1, 'succeeded', total_minor - 1, currency, issued_at FROM invoice WHERE id = $1`,
      [id],
    );
    expect(await ledger.differences()).toMatchObject([
      { check: 'invoices', row: `invoice ${id}`, expected: expect.stringContaining('payments of') },
      { check: 'receivables' },
    ]);
  });
});
