import { ConflictError } from '#domain';
import { type Transaction, findOpenCheckout } from '#persistence';

/**
 * What a page of the provider asks for must stay what it is until somebody has paid there, or nobody can.
 * @throws ConflictError `invoice_on_payment_page`
 */
export async function requireNoCheckout(transaction: Transaction, invoiceId: string): Promise<void> {
  if ((await findOpenCheckout(transaction, invoiceId)) !== null)
    throw new ConflictError(
      'invoice_on_payment_page',
      'Its buyer is paying it on a page of the payment provider: wait until it is paid, or have the purchase given up. It is void by itself after a day.',
    );
}
