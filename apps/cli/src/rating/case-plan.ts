import { type DecimalString, InvalidError, type PlanDefinition, majorOfMinor, validatePlanDefinition } from '#domain';
import type { PricedCase } from './rating-case.js';

/** The meter that every case is about. */
export const METER = 'units';

type Price = PlanDefinition['prices'][number];
type Model = Price['price'];

/**
 * The plan version that charges as the case says.
 * @throws InvalidError `case_unmappable` for what no plan version can be, with every fault and its field
 */
export function planOfCase(rated: PricedCase): PlanDefinition {
  const definition = definitionOf(rated);
  const faults = validatePlanDefinition(definition, [METER]);
  if (faults.length === 0) return definition;
  throw new InvalidError('case_unmappable', faults.map(({ path, message }) => `${path}: ${message}`).join(' '));
}

function definitionOf(rated: PricedCase): PlanDefinition {
  const { currency } = rated;
  const plan = { currency, billingInterval: 'month', fixedFee: '0', rateLimits: [], quotas: [] } as const;
  if (rated.model === 'flat') {
    const { amount, payment_term } = rated.params;
    return { ...plan, fixedFee: money(rated, amount), fixedFeeDue: payment_term, prices: [] };
  }
  return { ...plan, prices: [priceOf(rated)] };
}

function priceOf(rated: Exclude<PricedCase, { model: 'flat' }>): Price {
  const { params, discounts, quantity_transform } = rated;
  const minimum = 'minimum_amount' in params ? params.minimum_amount : undefined;
  const maximum = 'maximum_amount' in params ? params.maximum_amount : undefined;
  return {
    meter: METER,
    included: 'free_units' in params ? params.free_units : '0',
    price: modelOf(rated),
    conversion: rated.model === 'quantity_transform' ? rated.params : quantity_transform,
    discountUnits: discounts.usage_discount,
    discountPercent: discounts.percentage_discount,
    minimumAmount: minimum === undefined ? undefined : money(rated, minimum),
    maximumAmount: maximum === undefined ? undefined : money(rated, maximum),
  };
}

function modelOf(rated: Exclude<PricedCase, { model: 'flat' }>): Model {
  const flatWithoutUsage = owesFlatWithoutUsage(rated);
  switch (rated.model) {
    case 'unit':
      return { model: 'per_unit', unitAmount: money(rated, rated.params.unit_amount) };
    case 'graduated':
    case 'volume':
      return {
        model: rated.model,
        tiers: rated.params.tiers.map(({ up_to, unit_amount, flat_amount }) => ({
          upTo: up_to,
          unitAmount: money(rated, unit_amount),
          flatAmount: money(rated, flat_amount),
        })),
        flatWithoutUsage,
      };
    case 'package': {
      const { package_size, package_amount, round } = rated.params;
      return { model: 'package', packageSize: package_size, packageAmount: money(rated, package_amount), round };
    }
    case 'percentage': {
      const { rate_percent, fixed_amount_per_event, free_events, free_amount, per_event_min, per_event_max } =
        rated.params;
      const optional = (amount: DecimalString | undefined) => (amount === undefined ? undefined : money(rated, amount));
      return {
        model: 'percentage',
        ratePercent: rate_percent,
        fixedAmount: optional(fixed_amount_per_event),
        freeEvents: free_events,
        freeAmount: optional(free_amount),
        minimumPerEvent: optional(per_event_min),
        maximumPerEvent: optional(per_event_max),
      };
    }
    case 'graduated_percentage':
      return {
        model: 'graduated_percentage',
        tiers: rated.params.tiers.map(({ up_to, rate_percent, flat_amount }) => ({
          upTo: up_to === null ? null : money(rated, up_to),
          ratePercent: rate_percent,
          flatAmount: money(rated, flat_amount),
        })),
        flatWithoutUsage,
      };
    case 'dynamic_multiplier':
      return { model: 'dynamic', multiplier: rated.params.multiplier };
    case 'minimum_spend':
      return { model: 'dynamic', multiplier: '1' };
    case 'quantity_transform':
      return { model: 'per_unit', unitAmount: '0' };
  }
}

/**
 * Lago, OpenMeter and Stripe charge the first tier's flat amount without usage, flexprice does not. In a split of which
 * nothing was billed before it is due when usage comes, as the earlier splits would have billed it.
 */
function owesFlatWithoutUsage({ model, source, quantity_buckets, line_mode, previously_billed }: PricedCase): boolean {
  if (source.repo.startsWith('flexprice/') || quantity_buckets !== undefined) return false;
  const isSplit = line_mode === 'mid_period_split' || line_mode === 'last_split';
  return model === 'volume' || !isSplit || !/^0(\.0+)?$/.test(previously_billed);
}

/** An amount of the case in major units. */
export function money({ amount_unit, currency }: PricedCase, amount: DecimalString): DecimalString {
  return amount_unit === 'minor' ? majorOfMinor(amount, currency) : amount;
}
