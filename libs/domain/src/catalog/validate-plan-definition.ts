import { isCurrency, minorDigits } from '../money/currency.js';
import { decimalPlaces, isDecimal, parseDecimal } from '../money/decimal.js';
import type { PlanFault } from './plan-fault.js';
import type { MeterPrice, PlanDefinition, PriceTier, QuotaDefinition } from './plan-definition.js';
import { billabilityFaults } from './validate-billability.js';
import { limitFaults, nameFaults } from './validate-limit.js';
import { concurrencyFaults, rateLimitFaults } from './validate-rate-limits.js';

/**
 * Every fault of a plan definition at once, in the order of its fields; empty when the plan can be published: rating
 * never throws because of it then. `meters` are the slugs of the meters of the plan's API product.
 */
export function validatePlanDefinition(definition: PlanDefinition, meters: readonly string[]): readonly PlanFault[] {
  const known = new Set(meters);
  return [
    ...currencyFaults(definition.currency),
    ...fixedFeeFaults(definition),
    ...definition.prices.flatMap((price, index) => priceFaults(price, `prices[${index}]`, known)),
    ...duplicateFaults(
      definition.prices.map((price, index) => ({ path: `prices[${index}].meter`, value: price.meter })),
      'a meter has one price',
    ),
    ...definition.rateLimits.flatMap((limit, index) => rateLimitFaults(limit, `rateLimits[${index}]`)),
    ...definition.quotas.flatMap((quota, index) => quotaFaults(quota, `quotas[${index}]`, known)),
    ...billabilityFaults(definition.billability),
    ...duplicateFaults(
      [
        ...definition.rateLimits.map((limit, index) => ({ path: `rateLimits[${index}].name`, value: limit.name })),
        ...definition.quotas.map((quota, index) => ({ path: `quotas[${index}].name`, value: quota.name })),
      ],
      'rate limits and quotas share their names in response headers',
    ),
    ...(definition.concurrency ? concurrencyFaults(definition.concurrency, 'concurrency') : []),
  ];
}

function currencyFaults(currency: string): PlanFault[] {
  if (isCurrency(currency)) return [];
  return [{ path: 'currency', message: `"${currency}" is not an ISO 4217 code in upper case, such as USD or EUR.` }];
}

function fixedFeeFaults({ fixedFee, currency }: PlanDefinition): PlanFault[] {
  const faults = decimalFaults(fixedFee, 'fixedFee');
  if (faults.length > 0 || !isCurrency(currency)) return faults;
  const digits = minorDigits(currency);
  if (decimalPlaces(parseDecimal(fixedFee)) <= digits) return [];
  return [{ path: 'fixedFee', message: `${currency} has ${digits} decimal places; "${fixedFee}" has more.` }];
}

function priceFaults(price: MeterPrice, path: string, meters: ReadonlySet<string>): PlanFault[] {
  const faults = [
    ...meterFaults(price.meter, `${path}.meter`, meters),
    ...decimalFaults(price.included, `${path}.included`),
  ];
  switch (price.price.model) {
    case 'per_unit':
      return [...faults, ...decimalFaults(price.price.unitAmount, `${path}.price.unitAmount`)];
    case 'graduated':
      return [...faults, ...tiersFaults(price.price.tiers, `${path}.price.tiers`)];
  }
}

function tiersFaults(tiers: readonly PriceTier[], path: string): PlanFault[] {
  if (tiers.length === 0) return [{ path, message: 'A graduated price needs at least one tier.' }];
  return tiers.flatMap((tier, index) => [
    ...boundFaults(tiers, index, `${path}[${index}].upTo`),
    ...decimalFaults(tier.unitAmount, `${path}[${index}].unitAmount`),
    ...decimalFaults(tier.flatAmount, `${path}[${index}].flatAmount`),
  ]);
}

function boundFaults(tiers: readonly PriceTier[], index: number, path: string): PlanFault[] {
  const upTo = tiers[index]!.upTo;
  const isLast = index === tiers.length - 1;
  if (upTo === null) return isLast ? [] : [{ path, message: 'Only the last tier is open (null).' }];
  if (!isDecimal(upTo)) return decimalFaults(upTo, path);

  const faults: PlanFault[] = isLast ? [{ path, message: 'The last tier must be open (null).' }] : [];
  const lowerBound = index === 0 ? '0' : tiers[index - 1]!.upTo;
  if (lowerBound !== null && isDecimal(lowerBound) && parseDecimal(upTo).lte(parseDecimal(lowerBound))) {
    faults.push({ path, message: `Tiers ascend: "${upTo}" must be more than "${lowerBound}".` });
  }
  return faults;
}

function quotaFaults(quota: QuotaDefinition, path: string, meters: ReadonlySet<string>): PlanFault[] {
  return [
    ...nameFaults(quota.name, `${path}.name`),
    ...meterFaults(quota.meter, `${path}.meter`, meters),
    ...limitFaults(quota.limit, `${path}.limit`),
  ];
}

function meterFaults(meter: string, path: string, meters: ReadonlySet<string>): PlanFault[] {
  if (meters.has(meter)) return [];
  const known = [...meters].join(', ') || 'none yet';
  return [{ path, message: `The API product has no meter "${meter}". Its meters: ${known}.` }];
}

function decimalFaults(text: string, path: string): PlanFault[] {
  if (isDecimal(text)) return [];
  const message =
    `${JSON.stringify(text)} is not a decimal such as "12.5": not negative, no exponent, ` +
    'at most 26 digits before the point and 12 after it.';
  return [{ path, message }];
}

function duplicateFaults(entries: readonly { path: string; value: string }[], reason: string): PlanFault[] {
  const first = new Map<string, string>();
  return entries.flatMap(({ path, value }) => {
    const earlier = first.get(value);
    if (earlier !== undefined) return [{ path, message: `"${value}" is at ${earlier} already: ${reason}.` }];
    first.set(value, path);
    return [];
  });
}
