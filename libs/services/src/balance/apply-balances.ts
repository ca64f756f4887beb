import { type Invoice, balanceToApply } from '#domain';
import { type Actor, type Transaction, insertBalanceEntry, listBalancesInStore, lockBalance } from '#persistence';
import type { ServiceContext } from '../context.js';
import { byPayer, invoiceEntry } from './invoice-entry.js';

const system: Actor = { kind: 'system', id: null };

/**
 * Takes what invoices of a seller can use of their payers' balances, in the order of the invoices; returns how much each
 * took, in minor units, by its id. One that took nothing is left out. `mayTakePart` says of which a part may be paid so, and the
 * rest otherwise.
 */
export async function applyBalances(
  context: ServiceContext,
  transaction: Transaction,
  sellerSlug: string,
  invoices: readonly Invoice[],
  mayTakePart: (invoice: Invoice) => boolean,
): Promise<Map<string, bigint>> {
  const organizationIds = [...new Set(invoices.map(({ organizationId }) => organizationId))];
  const applied = new Map<string, bigint>();
  for (const key of await listBalancesInStore(transaction, sellerSlug, organizationIds)) {
    let balanceMinor = await lockBalance(transaction, key);
    const isOfBalance = (invoice: Invoice) =>
      invoice.organizationId === key.organizationId && invoice.currency === key.currency;
    for (const invoice of invoices.filter(isOfBalance)) {
      const appliedMinor = balanceToApply(invoice.totalMinor, balanceMinor);
      if (appliedMinor === 0n) break;
      if (appliedMinor < invoice.totalMinor && !mayTakePart(invoice)) continue;
      balanceMinor -= appliedMinor;
      applied.set(invoice.id, appliedMinor);
      await insertBalanceEntry(transaction, {
        ...invoiceEntry(context, invoice, system),
        amountMinor: -appliedMinor,
        kind: 'applied',
        reason: 'Used for an invoice.',
      });
    }
  }
  return applied;
}

/** Keeps for later invoices what the lines of these give back beyond what they charge, with the tax on it. */
export async function keepExcessCredits(
  context: ServiceContext,
  transaction: Transaction,
  invoices: readonly Invoice[],
): Promise<void> {
  const giving = invoices.filter(({ excessCreditMinor }) => excessCreditMinor > 0n);
  for (const invoice of giving.toSorted(byPayer)) {
    await insertBalanceEntry(transaction, {
      ...invoiceEntry(context, invoice, system),
      amountMinor: invoice.excessCreditMinor + invoice.excessTaxMinor,
      kind: 'excess_credit',
      reason: 'Credits of an invoice beyond what it charges.',
    });
  }
}
