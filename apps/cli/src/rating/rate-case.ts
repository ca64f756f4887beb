import {
  type DecimalString,
  EventCounter,
  type EventTally,
  InvalidError,
  type PeriodUse,
  type PlanDefinition,
  type RatedLine,
  type TimeSpan,
  addDecimals,
  compareDecimals,
  exclusiveTaxMinor,
  needsEvents,
  noEvents,
  ratePlan,
  rateProgressive,
  rateSplit,
  settledSumOf,
  subtotalOf,
  unroundedSumOf,
} from '#domain';
import { METER, money, planOfCase } from './case-plan.js';
import type { PricedCase, RatingCase } from './rating-case.js';

const dayMs = 86_400_000;
const startMs = Date.UTC(2026, 0, 1);
const month: TimeSpan = { startMs, endMs: startMs + 31 * dayMs };

/**
 * What Tollgate charges for a case, as the case asks for it: exact in its unit of amount, or settled.
 * @throws InvalidError for a case that no plan version and no usage say the same as
 */
export function rateCase(rated: RatingCase): DecimalString {
  if (rated.model === 'tax_exclusive') return taxOf(rated);
  refuseContradictions(rated);
  const lines = linesOf(rated);
  if (rated.model === 'quantity_transform') return lines[0]!.pricedQuantity;
  const asked = rated.model === 'minimum_spend' ? lines.filter(({ kind }) => kind === 'minimum_commitment') : lines;
  if (rated.amount_unit === 'minor') return subtotalOf(asked).toString();
  return isSettled(rated) ? settledSumOf(asked, rated.currency) : unroundedSumOf(asked);
}

function linesOf(rated: PricedCase): readonly RatedLine[] {
  const definition = planOfCase(rated);
  const use = (units: DecimalString) => useOf(rated, definition, units);
  if (rated.quantity_buckets) {
    return rated.quantity_buckets.flatMap((units) => ratePlan({ definition, period: month, ...use(units) }).lines);
  }
  if (rated.line_mode === 'progressive') {
    const phases = rated.progressive_phases ?? [];
    const uses = phases.map(({ cumulative_quantity }) => use(cumulative_quantity));
    return rateProgressive({ definition, period: month, uses }).flat();
  }
  if (rated.line_mode === 'full_period' && isZero(rated.pre_period_quantity) && isZero(rated.previously_billed)) {
    return ratePlan({ definition, ...periodsOf(rated), ...use(rated.quantity) }).lines;
  }
  return rateSplit({
    definition,
    period: month,
    before: use(rated.pre_period_quantity),
    use: use(addDecimals(rated.pre_period_quantity, rated.quantity)),
    charged: chargedBefore(rated),
    isLast: rated.line_mode !== 'mid_period_split',
  });
}

/** A case with a quantity before and nothing billed for it does not say what was billed. */
function chargedBefore(rated: PricedCase): Readonly<Record<string, DecimalString>> | undefined {
  const { previously_billed, pre_period_quantity } = rated;
  if (isZero(previously_billed) && !isZero(pre_period_quantity)) return undefined;
  return { [METER]: money(rated, previously_billed) };
}

function periodsOf(rated: PricedCase): { period: TimeSpan; nominalPeriod?: TimeSpan } {
  if (rated.model !== 'minimum_spend' || rated.params.period_days_used === undefined) return { period: month };
  const spanOf = (days: DecimalString): TimeSpan => ({ startMs, endMs: startMs + Number(days) * dayMs });
  return {
    period: spanOf(rated.params.period_days_used),
    nominalPeriod: spanOf(rated.params.period_days_total!),
  };
}

function useOf(rated: PricedCase, definition: PlanDefinition, units: DecimalString): PeriodUse {
  const usage = { [METER]: isValue(rated) ? money(rated, units) : units };
  const price = definition.prices[0]?.price;
  if (price?.model !== 'percentage') return { usage };
  if (rated.events === undefined && (!needsEvents(price) || isZero(units))) return { usage };
  return { usage, events: { [METER]: tallyOf(rated, price) } };
}

function tallyOf(rated: PricedCase, price: ConstructorParameters<typeof EventCounter>[0]): EventTally {
  if (rated.events) {
    const counter = new EventCounter(price);
    for (const value of rated.events) counter.add(money(rated, value));
    return counter.tally();
  }
  const { events_count, free_events_effective, free_amount_effective } = rated;
  const isFreeKnown =
    (price.freeEvents === undefined && price.freeAmount === undefined) ||
    (free_events_effective !== undefined && free_amount_effective !== undefined);
  if (events_count === undefined || !isFreeKnown || price.minimumPerEvent || price.maximumPerEvent)
    throw unmappable(
      'the price depends on single events: give "events", or without a minimum or maximum per event ' +
        '"events_count", "free_events_effective" and "free_amount_effective".',
    );
  return {
    ...noEvents,
    events: events_count,
    value: money(rated, rated.quantity),
    freeEvents: free_events_effective ?? '0',
    freeValue: money(rated, free_amount_effective ?? '0'),
  };
}

function taxOf(rated: Extract<RatingCase, { model: 'tax_exclusive' }>): DecimalString {
  if (rated.amount_unit !== 'minor') throw unmappable('tax is computed of lines in minor units: set "amount_unit".');
  const fractional = rated.params.lines.find((line) => line.includes('.'));
  if (fractional !== undefined) throw unmappable(`a line of ${fractional} minor units is not settled.`);
  if (compareDecimals(addDecimals('0', ...rated.params.lines), rated.quantity) !== 0)
    throw unmappable('"quantity" is not the sum of "params.lines".');
  return exclusiveTaxMinor(rated.params.lines.map(BigInt), rated.params.rate_percent).toString();
}

/** What the fields of a case do not say together is not guessed. */
function refuseContradictions(rated: PricedCase): void {
  const { line_mode, quantity, events, quantity_buckets, progressive_phases, params } = rated;
  const isPart = line_mode !== 'full_period' || !isZero(rated.pre_period_quantity) || !isZero(rated.previously_billed);
  const isUnits = rated.model === 'quantity_transform';
  if ((rated.amount_unit === 'units') !== isUnits)
    throw unmappable('"amount_unit" is "units" for a quantity_transform, and only there.');
  if (isUnits && rated.quantity_transform) throw unmappable('there are two conversions.');
  if (rated.model === 'flat' && (rated.quantity_transform || hasDiscount(rated)))
    throw unmappable('a flat amount has no units and no discounts.');
  if ((line_mode === 'progressive') !== (progressive_phases !== undefined))
    throw unmappable('"progressive_phases" come with the line mode "progressive", and only with it.');
  if (progressive_phases?.length === 0) throw unmappable('"progressive_phases" is empty.');
  if (line_mode === 'progressive' && progressive_phases?.at(-1)?.cumulative_quantity !== quantity)
    throw unmappable('"quantity" is not what the last phase says.');
  if (quantity_buckets && (isPart || events || 'minimum_amount' in params || 'maximum_amount' in params))
    throw unmappable('"quantity_buckets" are rated one by one: not in parts, with events, minimum or maximum.');
  if (quantity_buckets && hasDiscount(rated)) throw unmappable('"quantity_buckets" have no discounts.');
  if (quantity_buckets && compareDecimals(addDecimals('0', ...quantity_buckets), quantity) !== 0)
    throw unmappable('"quantity" is not the sum of "quantity_buckets".');
  if (events && compareDecimals(addDecimals('0', ...events), quantity) !== 0)
    throw unmappable('"quantity" is not the sum of "events".');
  const hasEventFields = [events, rated.events_count, rated.free_events_effective, rated.free_amount_effective].some(
    (field) => field !== undefined,
  );
  if (hasEventFields && isPart) throw unmappable('single events of a part of a period are not told apart.');
  if (rated.model === 'minimum_spend') refuseDays(rated.params, isPart);
}

function refuseDays(
  { period_days_used: used, period_days_total: total }: Extract<RatingCase, { model: 'minimum_spend' }>['params'],
  isPart: boolean,
): void {
  if ((used === undefined) !== (total === undefined))
    throw unmappable('"period_days_used" and "period_days_total" come together.');
  if (used === undefined || total === undefined) return;
  if (isPart) throw unmappable('a minimum of some days is not rated in parts.');
  const areDays = [used, total].every((days) => /^[1-9]\d{0,4}$/.test(days));
  if (!areDays || Number(used) > Number(total))
    throw unmappable('"period_days_used" is from 1 to "period_days_total" whole days.');
}

/**
 * Minor units are settled; so is what says that it is rounded, each billing of a progressive case, and OpenMeter's lines,
 * of which every one is rounded to the cent: its dynamic prices do not say it again.
 */
function isSettled({ tags, rounding, note, line_mode, model, source }: PricedCase): boolean {
  return (
    tags.includes('rounding') ||
    rounding !== undefined ||
    /\brounded\b/.test(note) ||
    line_mode === 'progressive' ||
    model === 'dynamic_multiplier' ||
    source.repo === 'openmeterio/openmeter'
  );
}

/** The units of these meters are money. */
function isValue({ model }: PricedCase): boolean {
  return ['percentage', 'graduated_percentage', 'dynamic_multiplier', 'minimum_spend'].includes(model);
}

function hasDiscount({ discounts }: PricedCase): boolean {
  return discounts.usage_discount !== undefined || discounts.percentage_discount !== undefined;
}

function isZero(amount: DecimalString): boolean {
  return compareDecimals(amount, '0') === 0;
}

function unmappable(reason: string): InvalidError {
  return new InvalidError('case_unmappable', `No plan version says the same: ${reason}`);
}
