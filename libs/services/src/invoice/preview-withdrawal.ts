import { type InvoiceState, NotFoundError, dueMinor } from '#domain';
import { lockInvoice } from '#persistence';
import type { ServiceContext } from '../context.js';
import { requireUncollectible } from './mark-uncollectible.js';
import { requireReissuable, requireVoidable } from './void-invoice.js';

export type Withdrawal = 'void' | 'reissue' | 'uncollectible';

/** What a withdrawal would do. Amounts are minor units of the invoice's currency. */
export interface WithdrawalPreview {
  readonly invoiceId: string;
  readonly number: string | null;
  readonly state: InvoiceState;
  readonly currency: string;
  readonly totalMinor: bigint;
  /** What would not be asked for any more. */
  readonly dueMinor: bigint;
  /** What it took of the balance and what was paid of it, both of which would go to the balance; 0 unless it becomes void. */
  readonly returnedMinor: bigint;
}

/**
 * Whether an invoice can be made void, made anew or given up, and what that would do; nothing changes.
 * @throws as `voidInvoice`, `reissueInvoice` and `markUncollectible`
 */
export function previewWithdrawal(
  context: ServiceContext,
  { invoiceId, withdrawal }: { readonly invoiceId: string; readonly withdrawal: Withdrawal },
): Promise<WithdrawalPreview> {
  return context.unitOfWork.inSystem(async (transaction) => {
    const invoice = await lockInvoice(transaction, invoiceId);
    if (!invoice) throw new NotFoundError('invoice');
    if (withdrawal === 'void') await requireVoidable(transaction, invoice);
    else if (withdrawal === 'reissue') await requireReissuable(transaction, invoice);
    else requireUncollectible(invoice);
    const { number, state, currency, totalMinor } = invoice;
    return {
      invoiceId,
      number,
      state,
      currency,
      totalMinor,
      dueMinor: withdrawal === 'reissue' ? 0n : dueMinor(invoice),
      returnedMinor: withdrawal === 'void' ? invoice.balanceAppliedMinor + invoice.paidMinor : 0n,
    };
  });
}
