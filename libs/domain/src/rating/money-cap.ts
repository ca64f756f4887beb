import { Big } from 'big.js';
import type { DecimalString, MeterPrice, PlanDefinition } from '../catalog/plan-definition.js';
import { canCost } from '../catalog/price-charges.js';
import { parseDecimal } from '../money/decimal.js';
import type { Settling } from '../money/minor-units.js';
import { greatestLineMinor, unitsWithin, usageLineMinor } from './units-within.js';

/** Units of a meter that may come to be billed in a period: used, or lent to a gateway. */
export interface OutstandingUnits {
  /** The phase whose plan version prices them. */
  readonly phaseId: string;
  readonly meter: string;
  readonly units: DecimalString;
}

/** Units of a meter that were used. */
export interface UsedUnits extends OutstandingUnits {
  /** How many events they are of; absent: one, if any. */
  readonly events?: DecimalString | undefined;
}

export interface MoneyCapInput {
  /** The most that Σ of the rounded usage lines of the period may be. */
  readonly capMinor: bigint;
  readonly definitions: ReadonlyMap<string, PlanDefinition>;
  readonly outstanding: readonly OutstandingUnits[];
  /** What more units are wanted of. */
  readonly phaseId: string;
  readonly meter: string;
}

/**
 * How many more units of the meter may be lent, in millionths, so that Σ of the rounded lines of all that is outstanding
 * stays within the cap, whatever part of it comes to be used; null when any number may, as they cost nothing. Lines are
 * those of `ratePlan`: one for each phase and priced meter, after included units and discounts, before fees, commitments
 * and tax. None may when units do not say what they cost, as each event costs something of its own.
 */
export function unitsLeftUnderCap(input: MoneyCapInput): Big | null {
  const { definitions, outstanding, phaseId, meter, capMinor } = input;
  const definition = definitions.get(phaseId)!;
  const price = definition.prices.find((one) => one.meter === meter);
  if (!price) return null;
  const isWanted = (line: OutstandingUnits) => line.phaseId === phaseId && line.meter === meter;
  const others = [...outstanding.filter((line) => !isWanted(line)), ...unusedOf(definition, input)];
  const spent = sumOfLines(definitions, others, greatestLineMinor);
  const within = spent === null ? new Big(0) : unitsWithin(price, capMinor - spent, definition);
  if (within === null) return null;
  const left = within.minus(parseDecimal(outstanding.find(isWanted)?.units ?? '0', 'units'));
  return left.gt(0) ? left : new Big(0);
}

/** The other meters of the phase that nothing is outstanding of: a flat amount can be owed without usage. */
function unusedOf({ prices }: PlanDefinition, { outstanding, phaseId, meter }: MoneyCapInput): OutstandingUnits[] {
  const named = new Set([meter, ...outstanding.filter((line) => line.phaseId === phaseId).map((line) => line.meter)]);
  return prices
    .filter((price) => !named.has(price.meter))
    .map((price) => ({ phaseId, meter: price.meter, units: '0' }));
}

/**
 * Σ of the rounded lines of these units; there is one entry for each phase and meter. Of a price that depends on single
 * events an estimate, as if they were worth the same.
 */
export function usageMinor(definitions: ReadonlyMap<string, PlanDefinition>, used: readonly UsedUnits[]): bigint {
  return sumOfLines(definitions, used, usageLineMinor) ?? 0n;
}

function sumOfLines<Amount extends bigint | null>(
  definitions: ReadonlyMap<string, PlanDefinition>,
  outstanding: readonly UsedUnits[],
  lineMinor: (price: MeterPrice, used: Big, settling: Settling, events: DecimalString | undefined) => Amount,
): bigint | null {
  let sum = 0n;
  for (const { phaseId, meter, units, events } of outstanding) {
    const definition = definitions.get(phaseId)!;
    const price = definition.prices.find((one) => one.meter === meter);
    const line = price ? lineMinor(price, parseDecimal(units, 'units'), definition, events) : 0n;
    if (line === null) return null;
    sum += line;
  }
  return sum;
}

/** The meters whose units can cost something. */
export function chargedMeters({ prices }: PlanDefinition): readonly string[] {
  return prices.filter(({ price }) => canCost(price)).map(({ meter }) => meter);
}
