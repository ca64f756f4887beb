import type { PaymentProvider, ProviderDispute } from '#domain';
import { findDisputesByProvider, listOwnPayments } from '#persistence';
import type { ServiceContext } from '../context.js';
import { inPages } from './in-pages.js';
import type { Finding } from './verify-report.js';

/** Disputes of our payments that the provider has, and that are unknown here, or in another state. */
export async function* findDisputeDifferences(
  context: ServiceContext,
  provider: PaymentProvider,
  since: Date | null,
): AsyncGenerator<Finding> {
  for await (const page of inPages(provider.listDisputes(since))) {
    for (const found of page) {
      // What differs may have been on its way from one side to the other: then it is the same a moment later.
      const finding =
        (await compare(context, found)) &&
        (await compare(context, await provider.retrieveDispute(found.providerDisputeId)));
      if (finding) yield finding;
    }
  }
}

async function compare(
  context: ServiceContext,
  { providerDisputeId, providerPaymentId, state, isWithdrawn }: ProviderDispute,
): Promise<Finding | null> {
  if (providerPaymentId === null) return null;
  const { ours, isOwn } = await context.unitOfWork.inSystemSnapshot(async (transaction) => ({
    ours: (await findDisputesByProvider(transaction, [providerDisputeId])).get(providerDisputeId),
    isOwn: (await listOwnPayments(transaction, [providerPaymentId])).length > 0,
  }));
  if (!isOwn) return null;
  const row = `dispute ${providerDisputeId} at the provider`;
  const actual = describe(state, isWithdrawn);
  if (!ours)
    return {
      row,
      expected: 'a dispute of ours',
      actual,
      message: 'The provider has a dispute that nobody here knows of.',
    };
  const expected = describe(ours.state, ours.withdrawnAt !== null && ours.reinstatedAt === null);
  return expected === actual ? null : { row, expected, actual, message: 'The provider has a dispute differently.' };
}

function describe(state: string, isWithdrawn: boolean): string {
  return `${state}, ${isWithdrawn ? 'money taken' : 'no money taken'}`;
}
