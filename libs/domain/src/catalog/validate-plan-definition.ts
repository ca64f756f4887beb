import { isCurrency } from '../money/currency.js';
import type { PlanFault } from './plan-fault.js';
import type { PlanDefinition, QuotaDefinition } from './plan-definition.js';
import { amountFaults } from './validate-amount.js';
import { billabilityFaults } from './validate-billability.js';
import { limitFaults, nameFaults } from './validate-limit.js';
import { meterFaults, priceFaults } from './validate-price.js';
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
    ...definition.prices.flatMap((price, index) => priceFaults(price, `prices[${index}]`, known, definition)),
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

function fixedFeeFaults(definition: PlanDefinition): PlanFault[] {
  return amountFaults(definition.fixedFee, 'fixedFee', definition);
}

function quotaFaults(quota: QuotaDefinition, path: string, meters: ReadonlySet<string>): PlanFault[] {
  return [
    ...nameFaults(quota.name, `${path}.name`),
    ...meterFaults(quota.meter, `${path}.meter`, meters),
    ...limitFaults(quota.limit, `${path}.limit`),
  ];
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
