import { type PaymentProvider, monthlyPeriodAt } from '#domain';
import {
  type MeteredPhase,
  listMeteredPhases,
  listWithUsageToReport,
  markEndsWithPeriod,
  markMeteredEnded,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import { pagesOf } from '../table/table.js';
import { ensureMeteredSubscription } from './metered-subscription.js';
import { reportMeteredUsage } from './report-metered-usage.js';

const PAGE_SIZE = 100;
const HOUR_MS = 3_600_000;

/** What a round came to. */
export interface MeteredRound {
  /** Subscriptions that were made, told to end, or ended. */
  readonly changed: number;
  /** Reports of usage that the provider took, or had taken before. */
  readonly reported: number;
  /** Reports that it cannot take: a cause for alarm, as the invoices will be held. */
  readonly refused: number;
  /** What could not be done now, of single subscriptions. */
  readonly failures: readonly { readonly phaseId: string; readonly error: unknown }[];
}

/**
 * Has the provider know what it must of every phase whose usage it rates: its subscription, whether that ends, and the usage of
 * the hours that are over. For a timer; safe to repeat, and a subscription that fails does not keep the others waiting.
 */
export async function keepMeteredSubscriptions(
  context: ServiceContext,
  provider: PaymentProvider,
): Promise<MeteredRound> {
  const at = context.clock.now();
  const round = { changed: 0, reported: 0, refused: 0, failures: [] as MeteredRound['failures'][number][] };
  const pages = pagesOf<MeteredPhase>(PAGE_SIZE, (after, limit) =>
    context.unitOfWork.inSystem((transaction) => listMeteredPhases(transaction, at, after?.phaseId ?? null, limit)),
  );
  for await (const page of pages) {
    const told = page.flatMap(({ metered }) => (metered?.provider ? [metered] : []));
    const toReport = await context.unitOfWork.inSystem((transaction) => listWithUsageToReport(transaction, told, at));
    for (const phase of page) {
      try {
        if (await keep(context, provider, phase, at)) round.changed += 1;
        if (phase.metered && toReport.has(phase.metered.id)) {
          const { counted, refused } = await reportMeteredUsage(context, provider, phase, { endedBy: at });
          round.reported += counted;
          round.refused += refused;
        }
      } catch (error) {
        round.failures.push({ phaseId: phase.phaseId, error });
      }
    }
  }
  return round;
}

/** True when something was changed at the provider. */
async function keep(
  context: ServiceContext,
  provider: PaymentProvider,
  phase: MeteredPhase,
  at: Date,
): Promise<boolean> {
  const { metered, anchorAt, startsAt, endsAt, paysByCard } = phase;
  const period = monthlyPeriodAt(anchorAt.getTime(), at.getTime());
  if (!metered?.provider) {
    // A part of a period is rated here, and so is what is paid by transfer.
    const begins = paysByCard && startsAt.getTime() <= period.startMs;
    if (metered || begins) return (await ensureMeteredSubscription(context, provider, phase)) !== null;
    return false;
  }
  if (!paysByCard || (endsAt !== null && isOver(phase, endsAt, at))) {
    await endMeteredSubscription(context, provider, phase);
    return true;
  }
  const endsWithPeriod = endsAt !== null && endsAt.getTime() === period.endMs;
  if (endsWithPeriod === metered.endsWithPeriod || (endsAt !== null && endsAt <= at)) return false;
  await provider.metered.setEndsWithPeriod(metered.provider.subscriptionId, endsWithPeriod);
  await context.unitOfWork.inSystem((transaction) => markEndsWithPeriod(transaction, metered.id, endsWithPeriod));
  return true;
}

/** At the end of a period the provider has an hour to make its invoice; an end within one is the provider's end too. */
function isOver({ anchorAt }: MeteredPhase, endsAt: Date, at: Date): boolean {
  const isPeriodEnd = monthlyPeriodAt(anchorAt.getTime(), endsAt.getTime()).startMs === endsAt.getTime();
  return at.getTime() >= endsAt.getTime() + (isPeriodEnd ? HOUR_MS : 0);
}

/** Ends the provider's subscription for a phase now. What of its usage was on no invoice is never billed there. */
export async function endMeteredSubscription(
  context: ServiceContext,
  provider: PaymentProvider,
  { metered }: MeteredPhase,
): Promise<void> {
  if (!metered?.provider) return;
  await provider.metered.end(metered.provider.subscriptionId);
  const endedAt = context.clock.now();
  await context.unitOfWork.inSystem((transaction) => markMeteredEnded(transaction, metered.id, endedAt));
}
