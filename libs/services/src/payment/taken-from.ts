import type { TakenFrom } from '#domain';
import { type CardPayment, type Transaction, sumTakenBack } from '#persistence';

/** The payments with what is left of them, in their order. Their invoices must be locked. */
export async function takenFrom(transaction: Transaction, payments: readonly CardPayment[]): Promise<TakenFrom[]> {
  const taken = await sumTakenBack(
    transaction,
    payments.map(({ id }) => id),
  );
  return payments.map(({ id, amountMinor }) => ({ amountMinor, leftMinor: amountMinor - (taken.get(id) ?? 0n) }));
}
