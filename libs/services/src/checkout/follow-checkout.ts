import { type PaymentProvider, canMoveInvoice } from '#domain';
import { type Actor, type Checkout, endCheckout, lockCollectedTogether } from '#persistence';
import type { ServiceContext } from '../context.js';
import { makeVoid } from '../invoice/void-invoice.js';
import { collectAtProvider, readInvoice } from '../payment/collect-invoice.js';
import type { PaymentAlarms } from '../payment/payment-alarms.js';

export const system: Actor = { kind: 'system', id: null };

/**
 * Asks the provider what has become of a page, and follows it: the payment pays the invoice, and one that nobody paid in time
 * is void. Safe to repeat, also at the same time.
 */
export async function followCheckout(
  context: ServiceContext,
  provider: PaymentProvider,
  { invoiceId, providerSessionId }: Pick<Checkout, 'invoiceId'> & { readonly providerSessionId: string },
  { alarms = null, actor = system }: { readonly alarms?: PaymentAlarms | null; readonly actor?: Actor } = {},
): Promise<'open' | 'paid' | 'left'> {
  const found = await provider.retrieveCheckout(providerSessionId);
  switch (found.state) {
    case 'open':
      return 'open';
    case 'paid': {
      const settlement = { paymentId: found.providerPaymentId };
      const invoice = await readInvoice(context, invoiceId);
      const { outcome } = await collectAtProvider(context, provider, invoice, settlement, { alarms });
      // Held: what the provider has is not what was rated. The money is there, and staff was told.
      if (outcome !== 'paid') return 'open';
      const end = { outcome: 'paid', endedAt: context.clock.now() } as const;
      await context.unitOfWork.inSystem((transaction) => endCheckout(transaction, invoiceId, end));
      return 'paid';
    }
    case 'expired':
      await leaveCheckout(context, invoiceId, actor);
      return 'left';
  }
}

/** Ends a page that nobody can pay on any more, and makes its invoice void. */
export function leaveCheckout(context: ServiceContext, invoiceId: string, actor: Actor): Promise<void> {
  return context.unitOfWork.inSystem(async (transaction) => {
    const { invoice, joined } = await lockCollectedTogether(transaction, invoiceId);
    const isFirst = await endCheckout(transaction, invoiceId, { outcome: 'left', endedAt: context.clock.now() });
    if (!isFirst || !invoice || !canMoveInvoice(invoice.state, 'void')) return;
    const voidReason = 'It was not paid on the payment page.';
    await makeVoid(context, transaction, invoice, { voidReason, actor, joined });
  });
}
