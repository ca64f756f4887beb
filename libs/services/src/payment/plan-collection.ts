import { type Invoice, type PaymentProvider, decideCarry, dueMinor } from '#domain';
import {
  type Actor,
  type Transaction,
  listCarriedInvoiceIds,
  lockInvoices,
  lockOrganization,
  readInvoiceRow,
  updateInvoice,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import { auditInvoice } from '../invoice/audit-invoice.js';

const system: Actor = { kind: 'system', id: null };

/**
 * Decides, once for each invoice, whether the provider is asked for it: together with all that was carried before, or not at all as
 * it is too little, and then it is carried too. Committed before the provider hears of anything, so that every later attempt asks for
 * the same. Returns what was decided, now or before.
 */
export function planCollection(
  context: ServiceContext,
  provider: Pick<PaymentProvider, 'minimumChargeMinor'>,
  invoiceId: string,
): Promise<'collected' | 'carried'> {
  return context.unitOfWork.inSystem(async (transaction) => {
    const known = (await readInvoiceRow(transaction, invoiceId))!;
    const before = decisionOf(known);
    if (before) return before;
    // Of two at the same time the second must see what the first has carried.
    await lockOrganization(transaction, known.organizationId);
    const waiting = await listCarriedInvoiceIds(transaction, known);
    const locked = await lockInvoices(transaction, [invoiceId, ...waiting]);
    const invoice = locked.find(({ id }) => id === invoiceId)!;
    const decided = decisionOf(invoice);
    if (decided) return decided;
    // No card is charged for the rest of what was paid in part: there is nothing to join, and nobody refuses it for being little.
    if (invoice.state !== 'issued' || invoice.paidMinor > 0n) return collect(context, transaction, invoice, []);
    const carried = locked.filter(
      ({ id, state, joinsInvoiceId }) => id !== invoiceId && state === 'issued' && joinsInvoiceId === null,
    );
    const minimumMinor = provider.minimumChargeMinor(invoice.currency);
    const { isCollected, joining } = decideCarry(dueMinor(invoice), carried.map(toDue), minimumMinor);
    if (!isCollected) return carry(context, transaction, invoice, minimumMinor);
    const ids = new Set(joining.map(({ id }) => id));
    return collect(
      context,
      transaction,
      invoice,
      carried.filter(({ id }) => ids.has(id)),
    );
  });
}

function decisionOf({ askedAt, carriedAt }: Invoice): 'collected' | 'carried' | null {
  if (askedAt !== null) return 'collected';
  return carriedAt === null ? null : 'carried';
}

export function toDue(invoice: Invoice): { readonly id: string; readonly dueMinor: bigint } {
  return { id: invoice.id, dueMinor: dueMinor(invoice) };
}

async function carry(
  context: ServiceContext,
  transaction: Transaction,
  invoice: Invoice,
  minimumMinor: bigint,
): Promise<'carried'> {
  await updateInvoice(transaction, invoice.id, { carriedAt: context.clock.now() });
  const details = { dueMinor: dueMinor(invoice).toString(), minimumMinor: minimumMinor.toString() };
  await auditInvoice(context, transaction, invoice, { actor: system, action: 'carried', details });
  return 'carried';
}

async function collect(
  context: ServiceContext,
  transaction: Transaction,
  invoice: Invoice,
  joining: readonly Invoice[],
): Promise<'collected'> {
  let carriedInMinor = 0n;
  for (const joined of joining) {
    const joinedMinor = dueMinor(joined);
    carriedInMinor += joinedMinor;
    await updateInvoice(transaction, joined.id, { joinsInvoiceId: invoice.id, joinedMinor });
    const details = { with: invoice.number, dueMinor: joinedMinor.toString() };
    await auditInvoice(context, transaction, joined, { actor: system, action: 'joined', details });
  }
  await updateInvoice(transaction, invoice.id, { askedAt: context.clock.now(), carriedInMinor });
  return 'collected';
}

/**
 * Has what waits to be collected with an invoice wait for another one, once that invoice is void or was paid without them; in the
 * transaction that has all of them locked, or holds no lock of an invoice.
 */
export async function releaseJoined(
  context: ServiceContext,
  transaction: Transaction,
  { number }: Pick<Invoice, 'number'>,
  joined: readonly Invoice[],
): Promise<void> {
  for (const invoice of joined) {
    if (invoice.state !== 'issued' && invoice.state !== 'uncollectible') continue;
    await updateInvoice(transaction, invoice.id, { joinsInvoiceId: null, joinedMinor: null });
    const details = { with: number };
    await auditInvoice(context, transaction, invoice, { actor: system, action: 'released', details });
  }
}
