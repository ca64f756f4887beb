import type { PaymentProvider, ProviderFee } from '#domain';
import { findFeesReadUntil, findFirstFeeTime, listFeesOfSpan, listOwnPayments } from '#persistence';
import type { ServiceContext } from '../context.js';
import type { Finding } from './verify-report.js';

const HOUR_MS = 3_600_000;
/** A fee is written down when its payment is: what was charged so shortly before the fees were read last may still be missing. */
const RECORDED_WITHIN_MS = 2 * HOUR_MS;
/** What is asked for, and compared, together. */
const SPAN_MS = 7 * 24 * HOUR_MS;

/**
 * Charges of which the provider took, or gave back, other fees than the books have: fees that are missing here, that the
 * provider has not, and that are another amount, kind, currency or time. Those of payments that are not ours are passed over, and
 * those that may not have been read yet.
 */
export async function* findFeeDifferences(
  context: ServiceContext,
  provider: PaymentProvider,
  since: Date | null,
): AsyncGenerator<Finding> {
  const readUntil = await context.unitOfWork.inSystemSnapshot(findFeesReadUntil);
  if (readUntil === null) return;
  const until = new Date(readUntil.getTime() - RECORDED_WITHIN_MS);
  const first = since ?? (await context.unitOfWork.inSystemSnapshot(findFirstFeeTime));
  // The provider asks by whole seconds.
  let from = first && new Date(Math.floor(first.getTime() / 1000) * 1000);
  while (from !== null && from < until) {
    const to = new Date(Math.min(from.getTime() + SPAN_MS, until.getTime()));
    yield* compareSpan(context, provider, from, to);
    from = to;
  }
}

async function* compareSpan(
  context: ServiceContext,
  provider: PaymentProvider,
  from: Date,
  to: Date,
): AsyncGenerator<Finding> {
  const isWithin = ({ chargedAt }: ProviderFee) => chargedAt >= from && chargedAt < to;
  const found: ProviderFee[] = [];
  for await (const fee of provider.listFees(from, new Date(to.getTime() + 1000))) if (isWithin(fee)) found.push(fee);
  const { ours, own } = await context.unitOfWork.inSystemSnapshot(async (transaction) => ({
    ours: await listFeesOfSpan(transaction, { from, to }),
    own: new Set(
      await listOwnPayments(transaction, [...new Set(found.map(({ providerPaymentId }) => providerPaymentId))]),
    ),
  }));
  const here = Map.groupBy(ours, ({ providerPaymentId }) => providerPaymentId);
  const there = Map.groupBy(
    found.filter(({ providerPaymentId }) => own.has(providerPaymentId)),
    ({ providerPaymentId }) => providerPaymentId,
  );
  for (const paymentId of new Set([...here.keys(), ...there.keys()])) {
    const [expected, actual] = [describe(here.get(paymentId)), describe(there.get(paymentId))];
    if (expected === actual) continue;
    yield {
      row: `fees of payment ${paymentId} from ${from.toISOString()} to ${to.toISOString()}`,
      expected,
      actual,
      message: 'The provider has taken other fees of a payment than the books have.',
    };
  }
}

function describe(fees: readonly ProviderFee[] = []): string {
  if (fees.length === 0) return 'none';
  return fees
    .map(
      ({ providerTransactionId, kind, amountMinor, currency, chargedAt }) =>
        `${providerTransactionId}: ${amountMinor} ${currency} for the ${kind} at ${chargedAt.toISOString()}`,
    )
    .toSorted()
    .join(', ');
}
