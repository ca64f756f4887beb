import type { PaymentProvider } from '#domain';
import { listKnownRefunds, listOwnPayments } from '#persistence';
import type { ServiceContext } from '../context.js';
import { inPages } from './in-pages.js';
import type { Finding } from './verify-report.js';

/** Refunds of our payments that the provider has, and of which there is no credit note here: somebody made them there. */
export async function* findRefundDifferences(
  context: ServiceContext,
  provider: PaymentProvider,
  since: Date | null,
): AsyncGenerator<Finding> {
  for await (const page of inPages(provider.listAllRefunds(since))) {
    const made = page.filter(({ state, providerPaymentId }) => state !== 'failed' && providerPaymentId !== null);
    const { known, own } = await context.unitOfWork.inSystemSnapshot(async (transaction) => ({
      known: new Set(await listKnownRefunds(transaction, made)),
      own: new Set(
        await listOwnPayments(
          transaction,
          made.map(({ providerPaymentId }) => providerPaymentId!),
        ),
      ),
    }));
    for (const { providerRefundId, providerPaymentId, amountMinor, state } of made) {
      if (!own.has(providerPaymentId!) || known.has(providerRefundId!)) continue;
      yield {
        row: `refund ${providerRefundId} at the provider`,
        expected: 'a refund of ours',
        actual: `${amountMinor} ${state}, of payment ${providerPaymentId}`,
        message: 'Somebody has refunded a payment at the provider: record it as a credit note.',
      };
    }
  }
}
