import { Big } from 'big.js';
import type { DecimalString } from '../catalog/plan-definition.js';
import { rateOf } from './event-tally.js';

const HALF_AWAY_FROM_ZERO = 1;

/**
 * The tax on top of lines that share a rate, in minor units: of their sum, rounded once, half away from zero.
 * `ratePercent` is "20" for 20 %.
 * @throws InvalidError `invalid_decimal`
 */
export function exclusiveTaxMinor(linesMinor: readonly bigint[], ratePercent: DecimalString): bigint {
  const net = linesMinor.reduce((sum, line) => sum + line, 0n);
  return BigInt(new Big(net.toString()).times(rateOf(ratePercent)).round(0, HALF_AWAY_FROM_ZERO).toFixed());
}
