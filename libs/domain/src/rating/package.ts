import type { Big } from 'big.js';
import type { PriceModel } from '../catalog/plan-definition.js';
import { formatDecimal, parseDecimal } from '../money/decimal.js';
import { convertUnits } from './convert-units.js';
import type { PricedUnits, UnitSpan } from './rated-line.js';

type PackagePrice = Extract<PriceModel, { model: 'package' }>;

/**
 * Units are sold in whole packages: with packages of 10, rounded up, 121 units are 13 of them. A span that begins above
 * zero pays for the packages that the earlier units had not opened; spans that adjoin cost together what one costs.
 * @throws InvalidError `invalid_decimal`
 */
export function ratePackage(span: UnitSpan, price: PackagePrice): PricedUnits {
  const packages = packagesOf(span.to, price).minus(packagesOf(span.from, price));
  const amount = packages.times(parseDecimal(price.packageAmount, 'packageAmount'));
  if (span.to.eq(span.from)) return { amount, breakdown: [] };
  const charge = {
    from: formatDecimal(span.from),
    upTo: null,
    units: formatDecimal(span.to.minus(span.from)),
    converted: formatDecimal(packages),
    unitAmount: price.packageAmount,
    flatAmount: '0',
    amount: formatDecimal(amount),
    basis: 'package' as const,
  };
  return { amount, breakdown: [charge] };
}

function packagesOf(units: Big, { packageSize, round }: PackagePrice): Big {
  return convertUnits(units, { operation: 'divide', factor: packageSize, round });
}
