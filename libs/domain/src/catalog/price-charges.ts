import type { DecimalString, PriceModel } from './plan-definition.js';

/** True when some usage costs something at this price; of a price that does not parse, that it does. */
export function canCost(price: PriceModel): boolean {
  switch (price.model) {
    case 'per_unit':
      return isMoney(price.unitAmount);
    case 'graduated':
    case 'volume':
      return price.tiers.some(({ unitAmount, flatAmount }) => isMoney(unitAmount) || isMoney(flatAmount));
    case 'package':
      return isMoney(price.packageAmount);
    case 'percentage':
      return isMoney(price.ratePercent) || isMoney(price.fixedAmount) || isMoney(price.minimumPerEvent);
    case 'graduated_percentage':
      return price.tiers.some(({ ratePercent, flatAmount }) => isMoney(ratePercent) || isMoney(flatAmount));
    case 'dynamic':
      return isMoney(price.multiplier);
  }
}

/** True for any amount but zero and none. */
export function isMoney(amount: DecimalString | undefined): boolean {
  return amount !== undefined && !/^0+(\.0+)?$/.test(amount);
}
