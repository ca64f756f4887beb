import {
  type DunningPolicy,
  type DunningStep,
  NotFoundError,
  dueMinor,
  dunningOutlook,
  isCardCharged,
  type DunningOutlook,
} from '#domain';
import {
  type DunningFilter,
  type ListedDunning,
  type Transaction,
  listDunning,
  listDunningSteps,
  readDunningRunningMs,
} from '#persistence';
import type { ServiceContext } from '../context.js';

/** An unpaid invoice, how far its dunning is, and what comes next. */
export interface DunningOverview extends ListedDunning {
  readonly dueMinor: bigint;
  readonly outlook: DunningOutlook | null;
}

/** Unpaid invoices of all organizations, the oldest first; a page of them. */
export function listDunningOverviews(
  context: ServiceContext,
  policy: DunningPolicy,
  { after, limit }: { readonly after: string | null; readonly limit: number },
): Promise<DunningOverview[]> {
  return context.unitOfWork.inSystem((transaction) => overviews(context, transaction, policy, {}, { after, limit }));
}

/** Those of one organization: at most 100. */
export function dunningOf(
  context: ServiceContext,
  policy: DunningPolicy,
  organizationId: string,
): Promise<DunningOverview[]> {
  return context.unitOfWork.inOrganization(organizationId, (transaction) =>
    overviews(context, transaction, policy, { organizationId }, { after: null, limit: 100 }),
  );
}

/**
 * How far dunning of one invoice is, with its history, oldest first.
 * @throws NotFoundError `invoice_not_found`
 */
export function findDunning(
  context: ServiceContext,
  policy: DunningPolicy,
  invoiceId: string,
): Promise<DunningOverview & { readonly history: readonly DunningStep[] }> {
  return context.unitOfWork.inSystem(async (transaction) => {
    const [found] = await overviews(context, transaction, policy, { invoiceId }, { after: null, limit: 1 });
    if (!found) throw new NotFoundError('invoice');
    return { ...found, history: await listDunningSteps(transaction, invoiceId) };
  });
}

async function overviews(
  context: ServiceContext,
  transaction: Transaction,
  policy: DunningPolicy,
  filter: DunningFilter,
  page: { readonly after: string | null; readonly limit: number },
): Promise<DunningOverview[]> {
  const now = context.clock.now();
  const runningMs = await readDunningRunningMs(transaction);
  const listed = await listDunning(transaction, filter, { at: now, ...page });
  return listed.map((one) => ({
    ...one,
    dueMinor: dueMinor(one),
    outlook:
      one.case && one.state === 'past_due' && !one.isDisputed
        ? dunningOutlook(one.case, policy, {
            runningMs,
            now,
            pausedUntil: one.pause?.until ?? null,
            isCharged: isCardCharged(one),
          })
        : null,
  }));
}
