import type { DecimalString } from '../catalog/plan-definition.js';
import { parseDecimal } from '../money/decimal.js';
import { divideRounded } from '../money/rounded-division.js';

/**
 * The tax on top of lines that share a rate, in minor units: of their sum, rounded once, half away from zero, to a multiple
 * of `stepMinor`. `ratePercent` is "20" for 20 %.
 * @throws InvalidError `invalid_decimal`
 */
export function exclusiveTaxMinor(linesMinor: readonly bigint[], ratePercent: DecimalString, stepMinor = 1): bigint {
  const net = linesMinor.reduce((sum, line) => sum + line, 0n);
  const [whole = '0', fraction = ''] = parseDecimal(ratePercent, 'percent').toFixed().split('.');
  const step = BigInt(stepMinor);
  return divideRounded(net * BigInt(whole + fraction), 100n * 10n ** BigInt(fraction.length) * step) * step;
}
