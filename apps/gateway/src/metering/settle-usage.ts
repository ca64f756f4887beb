import { type DecimalString, scaledUnits, withinMaximum } from '#domain';
import type { Judgement } from './billability.js';
import type { PassedBytes, UnitReader } from './call-cost.js';
import type { MeteredQuantity, Metering } from './metering.js';
import { microOf } from './micro.js';

/** What a call has used, where it is not simply what every call of its operation uses. */
export interface SettledUsage {
  /** Units per meter slug; meters of which nothing was used are left out. */
  readonly quantities: Readonly<Record<string, DecimalString>>;
  /** A quantity is the declared maximum, as the answer did not say the real one. */
  readonly isEstimated: boolean;
  /** Units above the declared maximum, per meter slug; null when there are none. */
  readonly overrun: Readonly<Record<string, DecimalString>> | null;
}

/** Null when the call has used what every call of its operation does. */
export function settleUsage(
  metering: Metering,
  judgement: Judgement,
  cost: UnitReader | null,
  passed: PassedBytes,
): SettledUsage | null {
  if (judgement.meters === 'all' && judgement.factor === '1' && !metering.hasValues) return null;
  const quantities: Record<string, DecimalString> = {};
  let overrun: Record<string, DecimalString> | null = null;
  let isEstimated = false;
  for (const metered of metering.perMeter) {
    if (metered.value === null && judgement.meters === 'values') continue;
    const used = usedOf(metered, judgement, cost, passed);
    isEstimated ||= used.isEstimated;
    if (used.overrun !== null) (overrun ??= {})[metered.meter] = used.overrun;
    const quantity = judgement.factor === '1' ? used.counted : scaledUnits(used.counted, judgement.factor);
    if (Number(quantity) > 0) quantities[metered.meter] = quantity;
  }
  return { quantities, isEstimated, overrun };
}

/** Millionths of units of a meter that the call has used; never more than were reserved for it. */
export function usedMicro({ meter, micro }: MeteredQuantity, settled: SettledUsage | null): number {
  if (settled === null) return micro;
  const quantity = settled.quantities[meter];
  return quantity === undefined ? 0 : Math.min(micro, microOf(quantity));
}

interface Used {
  readonly counted: DecimalString;
  readonly overrun: DecimalString | null;
  readonly isEstimated: boolean;
}

function usedOf(metered: MeteredQuantity, judgement: Judgement, cost: UnitReader | null, passed: PassedBytes): Used {
  const { quantity, value } = metered;
  if (value === null) return { counted: quantity, overrun: null, isEstimated: false };
  const units = cost?.units(value, passed) ?? null;
  if (units !== null) return { ...withinMaximum(units, quantity), isEstimated: false };
  // What counts for nothing is not worth an estimate.
  const counts = judgement.billable || judgement.countsToQuota;
  return { counted: counts ? quantity : '0', overrun: null, isEstimated: counts };
}
