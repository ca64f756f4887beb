import { isCurrency } from '../money/currency.js';
import { entitlementFaults } from '../entitlement/validate-entitlements.js';
import type { PlanFault } from './plan-fault.js';
import type { PlanDefinition, QuotaDefinition } from './plan-definition.js';
import { stripeRatingFaults } from './stripe-rating.js';
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
    ...trialFaults(definition, known),
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
    ...entitlementFaults(definition.entitlements),
    ...stripeRatingFaults(definition),
  ];
}

function currencyFaults(currency: string): PlanFault[] {
  if (isCurrency(currency)) return [];
  return [{ path: 'currency', message: `"${currency}" is not an ISO 4217 code in upper case, such as USD or EUR.` }];
}

function fixedFeeFaults(definition: PlanDefinition): PlanFault[] {
  const { fixedFee, fixedFeeDue, setupFee, billingInterval } = definition;
  const isDueLate = billingInterval === 'year' && fixedFeeDue !== 'in_advance';
  return [
    ...amountFaults(fixedFee, 'fixedFee', definition),
    ...(isDueLate ? [{ path: 'fixedFeeDue', message: 'The fee of a year is due in advance: say in_advance.' }] : []),
    ...(setupFee === undefined ? [] : amountFaults(setupFee, 'setupFee', definition)),
  ];
}

/** A year: what is free for longer is no trial. */
const MAX_TRIAL_DAYS = 365;

function trialFaults({ trial }: PlanDefinition, meters: ReadonlySet<string>): PlanFault[] {
  if (trial === undefined) return [];
  const { days, quotas } = trial;
  const hasDays = Number.isInteger(days) && days >= 1 && days <= MAX_TRIAL_DAYS;
  return [
    ...(hasDays
      ? []
      : [{ path: 'trial.days', message: `A trial has 1 to ${MAX_TRIAL_DAYS} whole days, not ${days}.` }]),
    ...(quotas.length > 0 ? [] : [{ path: 'trial.quotas', message: 'A trial is limited: name at least one quota.' }]),
    ...quotas.flatMap((quota, index) =>
      quotaFaults({ ...quota, enforcement: 'hard' }, `trial.quotas[${index}]`, meters),
    ),
    ...duplicateFaults(
      quotas.map((quota, index) => ({ path: `trial.quotas[${index}].meter`, value: quota.meter })),
      'a trial limits a meter once',
    ),
  ];
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
