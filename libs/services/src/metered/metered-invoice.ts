import {
  type Invoice,
  type MeteredInvoice,
  type PaymentProvider,
  PaymentMismatchError,
  PaymentProviderError,
  compareDecimals,
  meteredSpan,
  monthlyPeriodAt,
} from '#domain';
import { type MeteredPhase, listInvoiceLines, listMeteredPhasesOfInvoice, readUsageStanding } from '#persistence';
import type { ServiceContext } from '../context.js';
import { endMeteredSubscription } from './keep-metered-subscriptions.js';
import { ensureMeteredSubscription, type MeteredSubscriptionInForce } from './metered-subscription.js';
import { reportMeteredUsage } from './report-metered-usage.js';

/** So long after it took the last report the provider has counted it; a difference that is still there is one. */
const SETTLED_MS = 10 * 60_000;

/**
 * What the provider has rated of an invoice: a whole period of one phase. Null for every other invoice, which is made of our
 * lines: one of a part of a period, of several phases, in the place of a void one, or of a period before the provider's
 * subscription began. A subscription of the provider that could bill the same usage is ended first.
 * @throws PaymentProviderError
 */
export async function meteredInvoiceOf(
  context: ServiceContext,
  provider: PaymentProvider,
  invoice: Invoice,
): Promise<{ readonly metered: MeteredInvoice; readonly phase: MeteredPhase } | null> {
  const { phases, lines } = await context.unitOfWork.inSystem(async (transaction) => {
    const found = await listMeteredPhasesOfInvoice(transaction, invoice.id);
    return { phases: found, lines: found.length === 0 ? [] : await listInvoiceLines(transaction, invoice.id) };
  });
  const whole = phases.find((phase) => coversPeriod(phase, invoice));
  if (!whole) {
    for (const phase of phases)
      if (phase.metered?.endedAt === null) await endMeteredSubscription(context, provider, phase);
    return null;
  }
  const inForce = await ensureMeteredSubscription(context, provider, whole);
  if (!inForce || invoice.replacesInvoiceId !== null || !spanOf(invoice, inForce)) return null;
  const lineIds = Object.fromEntries(
    lines
      .filter(
        ({ kind, phaseId, periodStart }) =>
          kind === 'usage' && phaseId === whole.phaseId && periodStart.getTime() === invoice.periodStart.getTime(),
      )
      .flatMap(({ id, meter }) => {
        const price = meter === null ? undefined : inForce.provider.prices[meter];
        return price ? [[price.providerPriceId, id]] : [];
      }),
  );
  const { subscriptionId: providerSubscriptionId } = inForce.provider;
  const metered = { providerSubscriptionId, periodEndMs: invoice.periodEnd.getTime(), lineIds };
  return { metered, phase: { ...whole, metered: { ...whole.metered!, provider: inForce.provider } } };
}

/**
 * Returns when the provider has counted exactly the usage that the invoice bills, as far as it can say. Reports first what it
 * has not been told.
 * @throws PaymentProviderError, retryable, while it may still be counting; PaymentMismatchError when it has counted something else
 */
export async function requireUsageCounted(
  context: ServiceContext,
  provider: PaymentProvider,
  invoice: Invoice,
  phase: MeteredPhase,
): Promise<void> {
  const { metered, definition } = phase;
  await reportMeteredUsage(context, provider, phase, { periodStart: invoice.periodStart });
  const inForce = { id: metered!.id, provider: metered!.provider! };
  const span = spanOf(invoice, inForce)!;
  const standing = await context.unitOfWork.inSystem((transaction) =>
    readUsageStanding(
      transaction,
      { id: inForce.id, phaseId: phase.phaseId, subscriptionId: phase.subscriptionId },
      invoice.periodStart,
      definition.prices.map(({ meter }) => meter),
    ),
  );
  const differences: string[] = [];
  let settlesAtMs = 0;
  for (const { meter, ledgerQuantity, countedQuantity, lastCountedAt, refusal } of standing) {
    const { providerMeterId } = inForce.provider.prices[meter]!;
    const there = await provider.metered.readUsage({
      providerMeterId,
      providerCustomerId: inForce.provider.customerId,
      ...span,
    });
    if (refusal !== null) differences.push(`usage of ${meter} was refused: ${refusal}`);
    else if (compareDecimals(ledgerQuantity, countedQuantity.toString()) !== 0)
      differences.push(`${ledgerQuantity} ${meter} were used, and ${countedQuantity} whole units could be reported`);
    else if (compareDecimals(there, ledgerQuantity) !== 0) {
      differences.push(`${ledgerQuantity} ${meter} were used, and the provider has counted ${there}`);
      settlesAtMs = Math.max(settlesAtMs, (lastCountedAt?.getTime() ?? 0) + SETTLED_MS);
    }
  }
  if (differences.length === 0) return;
  if (settlesAtMs > context.clock.nowMs()) throw new PaymentProviderError(`${differences.join('; ')} so far.`, true);
  throw new PaymentMismatchError(invoice.id, invoice.providerInvoiceId, differences);
}

function spanOf({ periodStart, periodEnd }: Invoice, { provider }: MeteredSubscriptionInForce) {
  return meteredSpan({ startMs: periodStart.getTime(), endMs: periodEnd.getTime() }, provider.startedAt.getTime());
}

/** A whole month, with the phase in force from its beginning to its end. */
function coversPeriod({ anchorAt, startsAt, endsAt }: MeteredPhase, { periodStart, periodEnd }: Invoice): boolean {
  const { startMs, endMs } = monthlyPeriodAt(anchorAt.getTime(), periodStart.getTime());
  return (
    startMs === periodStart.getTime() &&
    endMs === periodEnd.getTime() &&
    startsAt <= periodStart &&
    (endsAt === null || endsAt >= periodEnd)
  );
}
