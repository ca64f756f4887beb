import type { PaymentProvider } from '#domain';
import { type RefusedUsage, refuseTakenUsage } from '#persistence';
import type { ServiceContext } from '../context.js';
import { type PaymentAlarms, alarmStaff } from '../payment/payment-alarms.js';

/** Messages of the provider about usage that it took and cannot count. */
export const USAGE_ERROR_EVENTS: ReadonlySet<string> = new Set([
  'v1.billing.meter.error_report_triggered',
  'v1.billing.meter.no_meter_found',
]);

/**
 * Refuses the usage of ours that a message of the provider names, and tells staff once; it is tried again before its invoice is
 * collected. The message may name some of many only: what it leaves out shows when the sums are compared. Safe to repeat.
 * Returns how much was refused.
 * @throws PaymentProviderError
 */
export async function recordUsageErrors(
  context: ServiceContext,
  provider: PaymentProvider,
  providerEventId: string,
  alarms: PaymentAlarms | null,
): Promise<number> {
  const errors = await provider.metered.readUsageErrors(providerEventId);
  return context.unitOfWork.inSystem(async (transaction) => {
    const refused: (RefusedUsage & { readonly reason: string })[] = [];
    for (const error of errors.toSorted((one, other) => (one.identifier < other.identifier ? -1 : 1))) {
      const found = await refuseTakenUsage(transaction, error);
      if (found) refused.push({ ...found, reason: error.message });
    }
    if (refused.length > 0 && alarms) await alarmStaff(context, transaction, alarms.usageRefused(refused));
    return refused.length;
  });
}
