import type { Dispute, PaymentProvider, ProviderDispute } from '#domain';
import { listDisputingOrganizations, listOpenDisputes } from '#persistence';
import type { ServiceContext } from '../context.js';
import { applyDunningStanding } from '../dunning/dunning-standing.js';
import { askAboutEach } from '../payment/ask-about-each.js';
import type { PaymentAlarms } from '../payment/payment-alarms.js';
import { pagesOf } from '../table/table.js';
import { type RecordedDispute, recordDispute } from './record-dispute.js';

const PAGE_SIZE = 100;
/** Longer ago the provider is asked only about what is known and open. */
const LISTED_MS = 40 * 86_400_000;

/** Fetches a dispute as the provider has it now and follows it. One of a payment that is none of ours is passed over. */
export async function applyProviderDispute(
  context: ServiceContext,
  provider: PaymentProvider,
  providerDisputeId: string,
  alarms: PaymentAlarms | null,
): Promise<RecordedDispute> {
  return recordDispute(context, await provider.retrieveDispute(providerDisputeId), alarms);
}

/**
 * Asks the provider for the disputes of the last 40 days and for all that are open here, so that a webhook that was lost is made up
 * for; brings suspensions to what sellers want by now. Returns how many were new. For an hourly timer; safe to repeat.
 * @throws PaymentProviderError at once when it is retryable, else the first after all were asked about
 */
export async function reconcileDisputes(
  context: ServiceContext,
  provider: PaymentProvider,
  alarms: PaymentAlarms | null,
): Promise<number> {
  const since = new Date(context.clock.nowMs() - LISTED_MS);
  const seen = new Set<string>();
  let opened = 0;
  const record = async (found: ProviderDispute) => {
    seen.add(found.providerDisputeId);
    if ((await recordDispute(context, found, alarms)) === 'opened') opened += 1;
  };
  await askAboutEach(oneByOne(provider.listDisputes(since)), record);
  const open = pagesOf<Pick<Dispute, 'id' | 'providerDisputeId'>>(PAGE_SIZE, (after, limit) =>
    context.unitOfWork.inSystem((transaction) => listOpenDisputes(transaction, after?.id ?? null, limit)),
  );
  await askAboutEach(open, async ({ providerDisputeId }) => {
    if (!seen.has(providerDisputeId)) await record(await provider.retrieveDispute(providerDisputeId));
  });
  for (const organizationId of await context.unitOfWork.inSystem(listDisputingOrganizations))
    await context.unitOfWork.inSystem((transaction) =>
      applyDunningStanding(context, transaction, { organizationId, actor: { kind: 'system', id: null } }),
    );
  return opened;
}

async function* oneByOne<Row>(rows: AsyncIterable<Row>): AsyncGenerator<readonly Row[]> {
  for await (const row of rows) yield [row];
}
