import {
  type MeteredUsageReport,
  type PaymentProvider,
  PaymentProviderError,
  type UsageReportOutcome,
  compareDecimals,
  meteredSpan,
  meteredUsageIdentifier,
  monthlyPeriodAt,
  reportedAsOfMs,
} from '#domain';
import {
  type MeteredPhase,
  type MeteredProviderIds,
  type MeteredUsage,
  type UnreportedScope,
  claimReporting,
  insertMeteredUsage,
  listUnreportedUsage,
  listWaitingUsage,
  markUsageCounted,
  markUsageRefused,
  markUsageTried,
  releaseReporting,
  reviveRefusedUsage,
  sumCountedWithin,
} from '#persistence';
import { faulty } from '#faults';
import type { ServiceContext } from '../context.js';

const BATCH = 100;
const CLAIM_MS = 120_000;
const MINUTE_MS = 60_000;
/** Within this the provider knows an identifier again for certain; it promises a day. */
const KNOWN_MS = 23 * 3_600_000;

/** How many reports the provider took, now or before, and how many it cannot take. */
export interface UsageReports {
  readonly counted: number;
  readonly refused: number;
}

/**
 * Reports the usage of a phase that the ledger has and the provider has not been told of. Each report is written down before its
 * first attempt with all that it says, and after it: however often this stops and begins again, the provider counts each once.
 * @throws PaymentProviderError retryable, when the provider is away or another process is reporting: the rest stays to be
 *   reported
 */
export async function reportMeteredUsage(
  context: ServiceContext,
  provider: PaymentProvider,
  phase: MeteredPhase,
  scope: UnreportedScope,
): Promise<UsageReports> {
  const { metered } = phase;
  if (!metered?.provider) return { counted: 0, refused: 0 };
  const { id, provider: ids } = metered;
  const at = context.clock.now();
  const until = new Date(at.getTime() + CLAIM_MS);
  const claim = () => context.unitOfWork.inSystem((transaction) => claimReporting(transaction, id, { at, until }));
  if (!(await faulty('usage-claim', claim)))
    throw new PaymentProviderError('Another process is reporting the usage of this subscription.', true);
  try {
    await faulty('usage-list', () => listToReport(context, phase, id, scope));
    const { planVersionId, anchorAt } = phase;
    return await sendAll(context, provider, { id, ids, planVersionId, anchorMs: anchorAt.getTime() });
  } finally {
    await faulty('usage-release', () =>
      context.unitOfWork.inSystem((transaction) => releaseReporting(transaction, id)),
    );
  }
}

async function listToReport(
  context: ServiceContext,
  { subscriptionId, phaseId, organizationId, definition }: MeteredPhase,
  id: string,
  scope: UnreportedScope,
): Promise<void> {
  const priced = new Set(definition.prices.map(({ meter }) => meter));
  const createdAt = context.clock.now();
  await context.unitOfWork.inSystem(async (transaction) => {
    if ('periodStart' in scope) await reviveRefusedUsage(transaction, id, scope.periodStart);
    for (const usage of await listUnreportedUsage(transaction, { id, phaseId, subscriptionId }, scope)) {
      if (!priced.has(usage.meter)) continue;
      const identifier = meteredUsageIdentifier({ meteredSubscriptionId: id, ...usage });
      await insertMeteredUsage(transaction, {
        ...usage,
        id: context.ids.next(),
        organizationId,
        meteredSubscriptionId: id,
        identifier,
        createdAt,
      });
    }
  });
}

interface Reporting {
  readonly id: string;
  readonly ids: MeteredProviderIds;
  readonly planVersionId: string;
  readonly anchorMs: number;
}

async function sendAll(
  context: ServiceContext,
  provider: PaymentProvider,
  reporting: Reporting,
): Promise<UsageReports> {
  const reports = { counted: 0, refused: 0 };
  for (;;) {
    const waiting = await context.unitOfWork.inSystem((transaction) =>
      listWaitingUsage(transaction, reporting.id, BATCH),
    );
    // One at a time: the provider takes one call for each customer and meter.
    for (const usage of waiting) reports[await send(context, provider, reporting, usage)] += 1;
    if (waiting.length < BATCH) return reports;
  }
}

async function send(
  context: ServiceContext,
  provider: PaymentProvider,
  reporting: Reporting,
  usage: MeteredUsage,
): Promise<keyof UsageReports> {
  const report = await fixReport(context, reporting, usage);
  const outcome: UsageReportOutcome =
    report === null
      ? { outcome: 'refused', code: 'no_period', message: 'The provider has no minute of the period that it is of.' }
      : isForgotten(context, usage)
        ? await sendForgotten(context, provider, reporting, report)
        : await sendReport(provider, report);
  await faulty('usage-count', () =>
    context.unitOfWork.inSystem((transaction) =>
      outcome.outcome === 'refused'
        ? markUsageRefused(transaction, usage.id, outcome)
        : markUsageCounted(transaction, usage.id, context.clock.now()),
    ),
  );
  return outcome.outcome === 'refused' ? 'refused' : 'counted';
}

function sendReport(provider: PaymentProvider, report: MeteredUsageReport): Promise<UsageReportOutcome> {
  return faulty('usage-report', () => provider.metered.reportUsage(report));
}

/** What is reported, the same in each attempt; null when no instant can be named. */
async function fixReport(
  context: ServiceContext,
  { ids, planVersionId, anchorMs }: Reporting,
  usage: MeteredUsage,
): Promise<(MeteredUsageReport & { readonly providerMeterId: string }) | null> {
  const { startMs, endMs } = monthlyPeriodAt(anchorMs, usage.periodStart.getTime());
  const span = meteredSpan({ startMs, endMs }, ids.startedAt.getTime());
  const price = ids.prices[usage.meter];
  if (!span || !price) return null;
  const nowMs = context.clock.nowMs();
  const atMs = usage.reportedAsOf?.getTime() ?? reportedAsOfMs(usage.hourAt.getTime(), span, nowMs);
  if (usage.triedAt === null) {
    const tried = { reportedAsOf: new Date(atMs), triedAt: new Date(nowMs) };
    await faulty('usage-try', () =>
      context.unitOfWork.inSystem((transaction) => markUsageTried(transaction, usage.id, tried)),
    );
  }
  return {
    meter: usage.meter,
    planVersionId,
    providerCustomerId: ids.customerId,
    providerMeterId: price.providerMeterId,
    identifier: usage.identifier,
    quantity: usage.quantity,
    atMs,
  };
}

function isForgotten(context: ServiceContext, { triedAt }: MeteredUsage): boolean {
  return triedAt !== null && context.clock.nowMs() - triedAt.getTime() > KNOWN_MS;
}

/**
 * Nobody knows whether an attempt of the day before yesterday was taken, and the provider does not know its identifier any more.
 * What it has counted in that minute says it.
 */
async function sendForgotten(
  context: ServiceContext,
  provider: PaymentProvider,
  { id }: Reporting,
  report: MeteredUsageReport & { readonly providerMeterId: string },
): Promise<UsageReportOutcome> {
  const startMs = Math.floor(report.atMs / MINUTE_MS) * MINUTE_MS;
  const endMs = startMs + MINUTE_MS;
  const counted = await context.unitOfWork.inSystem((transaction) =>
    sumCountedWithin(transaction, id, report.meter, { from: new Date(startMs), to: new Date(endMs) }),
  );
  const { providerMeterId, providerCustomerId } = report;
  const there = await provider.metered.readUsage({ providerMeterId, providerCustomerId, startMs, endMs });
  if (compareDecimals(there, counted.toString()) === 0) return sendReport(provider, report);
  if (compareDecimals(there, (counted + report.quantity).toString()) === 0) return { outcome: 'counted_before' };
  return {
    outcome: 'refused',
    code: 'uncertain',
    message: `The provider has ${there} units of ${report.meter} where ${counted} were reported, or ${counted + report.quantity}.`,
  };
}
