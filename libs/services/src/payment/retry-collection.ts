import {
  ConflictError,
  type Invoice,
  NotFoundError,
  type PaymentProvider,
  awaitedTreatment,
  awaitsTax,
  keptTreatment,
} from '#domain';
import {
  type Actor,
  type Transaction,
  appendToOutbox,
  listSalesOfSubscriptions,
  lockFailedInvoices,
  lockInvoice,
  saveComputedTax,
  updateInvoice,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import { auditInvoice } from '../invoice/audit-invoice.js';
import { collectInvoiceMessage, taxInvoiceMessage } from './payment-jobs.js';
import { paymentMethodOf } from './payment-method.js';
import { RECONCILE_HOLD, TAX_LOCATION_MISSING } from './reconcile-hold.js';

const cleared = { failureCode: null, failureMessage: null, failedAt: null };

/**
 * Gives each past-due invoice of the organization another attempt, when a card is saved; returns how many. With
 * `learnedAt`, only those that failed at or before that instant: a card that came before the failure has been tried.
 */
export async function retryCollection(
  context: ServiceContext,
  provider: PaymentProvider,
  { organizationId, learnedAt }: { readonly organizationId: string; readonly learnedAt?: Date },
): Promise<number> {
  if ((await paymentMethodOf(context, provider, organizationId)) === null) return 0;
  return context.unitOfWork.inSystem(async (transaction) => {
    const failed = await lockFailedInvoices(transaction, organizationId);
    const due = failed.filter(({ failedAt }) => !learnedAt || failedAt === null || failedAt <= learnedAt);
    for (const invoice of due) {
      await requestCollection(context, transaction, { ...invoice, attempt: invoice.attempt + 1 });
    }
    return due.length;
  });
}

/**
 * Has a held invoice built anew at the provider, as the next generation: the draft that did not match is thrown away. Of one whose
 * tax could not be computed it is asked for again, by the tax code that its product has by now.
 * @throws NotFoundError `invoice_not_found`, ConflictError `invoice_not_held`
 */
export function rebuildCollection(
  context: ServiceContext,
  { invoiceId, actor }: { readonly invoiceId: string; readonly actor: Actor },
): Promise<void> {
  return context.unitOfWork.inSystem(async (transaction) => {
    const invoice = await lockInvoice(transaction, invoiceId);
    if (!invoice) throw new NotFoundError('invoice');
    if (awaitsTax(invoice) && invoice.failureCode !== null) {
      // Where only the address is missing, the draft that there is becomes right by itself.
      const isAnew = invoice.failureCode !== TAX_LOCATION_MISSING;
      const generation = invoice.generation + (isAnew ? 1 : 0);
      await requestTax(context, transaction, { ...invoice, generation }, isAnew);
      await auditInvoice(context, transaction, invoice, { actor, action: 'rebuilt', details: { generation } });
      return;
    }
    if (invoice.failureCode !== RECONCILE_HOLD) {
      throw new ConflictError('invoice_not_held', 'Only an invoice whose collection is held can be built anew.');
    }
    await requestCollection(context, transaction, { ...invoice, generation: invoice.generation + 1 });
    const details = { generation: invoice.generation + 1 };
    await auditInvoice(context, transaction, invoice, { actor, action: 'rebuilt', details });
  });
}

/** Asks for the tax of a draft again, in the transaction that holds it locked. */
async function requestTax(
  context: ServiceContext,
  transaction: Transaction,
  invoice: Invoice,
  isAnew: boolean,
): Promise<void> {
  const { id, generation, subscriptionId } = invoice;
  if (isAnew) {
    const sale = (await listSalesOfSubscriptions(transaction, [subscriptionId])).get(subscriptionId)!;
    const taxTreatment = keptTreatment(awaitedTreatment(sale.taxCode));
    await saveComputedTax(transaction, { ...invoice, ...cleared, taxTreatment });
  }
  await updateInvoice(transaction, id, { ...cleared, generation });
  await appendToOutbox(transaction, taxInvoiceMessage(context, id), context.clock.now());
}

/** Asks for the attempt or generation that `invoice` names, in the transaction that holds it locked. */
export async function requestCollection(
  context: ServiceContext,
  transaction: Transaction,
  invoice: Invoice,
): Promise<void> {
  const { id, attempt, generation } = invoice;
  await updateInvoice(transaction, id, { ...cleared, attempt, generation });
  await appendToOutbox(transaction, collectInvoiceMessage(context, invoice), context.clock.now());
}
