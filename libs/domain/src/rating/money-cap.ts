import { Big } from 'big.js';
import type { DecimalString, PlanDefinition } from '../catalog/plan-definition.js';
import { parseDecimal } from '../money/decimal.js';
import { unitsWithin, usageLineMinor } from './units-within.js';

/** Units of a meter that may come to be billed in a period: used, or lent to a gateway. */
export interface OutstandingUnits {
  /** The phase whose plan version prices them. */
  readonly phaseId: string;
  readonly meter: string;
  readonly units: DecimalString;
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
 * stays within the cap; null when any number may, as they cost nothing. Lines are those of `ratePlan`: one for each phase
 * and priced meter, after included units, before fees and tax.
 */
export function unitsLeftUnderCap(input: MoneyCapInput): Big | null {
  const { definitions, outstanding, phaseId, meter, capMinor } = input;
  const definition = definitions.get(phaseId)!;
  const price = definition.prices.find((one) => one.meter === meter);
  if (!price) return null;
  const isWanted = (line: OutstandingUnits) => line.phaseId === phaseId && line.meter === meter;
  const others = outstanding.filter((line) => !isWanted(line));
  const within = unitsWithin(price, capMinor - usageMinor(definitions, others), definition.currency);
  if (within === null) return null;
  const left = within.minus(parseDecimal(outstanding.find(isWanted)?.units ?? '0', 'units'));
  return left.gt(0) ? left : new Big(0);
}

/** Σ of the rounded lines of these units. There is one entry for each phase and meter. */
export function usageMinor(
  definitions: ReadonlyMap<string, PlanDefinition>,
  outstanding: readonly OutstandingUnits[],
): bigint {
  return outstanding.reduce((sum, { phaseId, meter, units }) => {
    const definition = definitions.get(phaseId)!;
    const price = definition.prices.find((one) => one.meter === meter);
    return price ? sum + usageLineMinor(price, parseDecimal(units, 'units'), definition.currency) : sum;
  }, 0n);
}

/** The meters whose units can cost something. */
export function chargedMeters({ prices }: PlanDefinition): readonly string[] {
  const isCharged = (amount: DecimalString) => parseDecimal(amount).gt(0);
  return prices
    .filter(({ price }) =>
      price.model === 'per_unit'
        ? isCharged(price.unitAmount)
        : price.tiers.some(({ unitAmount, flatAmount }) => isCharged(unitAmount) || isCharged(flatAmount)),
    )
    .map(({ meter }) => meter);
}
