import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allocateTransfer, invoiceNumbersIn } from './bank-transfer.js';

describe('a transfer over several invoices', () => {
  const open = (id: string, day: string, dueMinor: bigint) => ({
    id,
    dueAt: new Date(`2026-${day}T23:59:59Z`),
    dueMinor,
  });

  it('pays what was due first, and keeps what is left', () => {
    const invoices = [open('b', '03-10', 300n), open('a', '03-10', 200n), open('c', '02-28', 100n)];
    expect(allocateTransfer(450n, invoices)).toEqual({
      payments: [
        { invoiceId: 'c', amountMinor: 100n },
        { invoiceId: 'a', amountMinor: 200n },
        { invoiceId: 'b', amountMinor: 150n },
      ],
      restMinor: 0n,
    });
    expect(allocateTransfer(700n, invoices).restMinor).toBe(100n);
    expect(allocateTransfer(5n, [])).toEqual({ payments: [], restMinor: 5n });
  });

  it('loses nothing, pays no invoice beyond what is due, and leaves something only when all are paid', () => {
    const invoices = fc.array(fc.record({ day: fc.integer({ min: 1, max: 9 }), dueMinor: fc.bigInt(1n, 1_000n) }));
    fc.assert(
      fc.property(fc.bigInt(1n, 5_000n), invoices, (amountMinor, sketched) => {
        const all = sketched.map(({ day, dueMinor }, index) => open(`i${index}`, `04-0${day}`, dueMinor));
        const { payments, restMinor } = allocateTransfer(amountMinor, all);
        expect(payments.reduce((sum, payment) => sum + payment.amountMinor, restMinor)).toBe(amountMinor);
        const dueOf = new Map(all.map(({ id, dueMinor }) => [id, dueMinor]));
        for (const payment of payments) expect(payment.amountMinor <= dueOf.get(payment.invoiceId)!).toBe(true);
        if (restMinor > 0n) expect(payments.map(({ invoiceId }) => dueOf.get(invoiceId))).toHaveLength(all.length);
      }),
    );
  });
});

describe('the reference of a transfer', () => {
  it.each([
    ['Atlas TG-000042', ['TG-000042']],
    ['tg 42, thanks', ['TG-000042']],
    ['RE TG000042/TG-7 TG-000007', ['TG-000042', 'TG-000007']],
    ['TG-1000000', ['TG-1000000']],
    ['ATG-000042', []],
    ['TG-CN-000042', []],
    ['TG-000000', []],
    ['42', []],
    ['', []],
  ])('names the invoices that it names: %s', (reference, numbers) =>
    expect(invoiceNumbersIn(reference, 'TG')).toEqual(numbers),
  );
});
