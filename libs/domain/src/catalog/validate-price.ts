import { compareDecimals, isDecimal, parseDecimal } from '../money/decimal.js';
import type { Settling } from '../money/minor-units.js';
import { isMoney } from './price-charges.js';
import type {
  DecimalString,
  MeterPrice,
  PercentagePrice,
  PercentageTier,
  PriceModel,
  PriceTier,
} from './plan-definition.js';
import type { PlanFault } from './plan-fault.js';
import {
  amountFaults,
  decimalFaults,
  moneyFaults,
  optionalFaults,
  optionalMoneyFaults,
  percentFaults,
  positiveFaults,
} from './validate-amount.js';

/** Every fault of the price of a meter, in the order of its fields. */
export function priceFaults(
  price: MeterPrice,
  path: string,
  meters: ReadonlySet<string>,
  settling: Settling,
): PlanFault[] {
  return [
    ...meterFaults(price.meter, `${path}.meter`, meters),
    ...decimalFaults(price.included, `${path}.included`),
    ...modelFaults(price.price, `${path}.price`),
    ...(price.conversion ? positiveFaults(price.conversion.factor, `${path}.conversion.factor`) : []),
    ...optionalFaults(price.discountUnits, `${path}.discountUnits`),
    ...(price.discountPercent === undefined
      ? []
      : percentFaults(price.discountPercent, `${path}.discountPercent`, 100)),
    ...commitmentFaults(price, path, settling),
    ...valueFaults(price, path),
  ];
}

export function meterFaults(meter: string, path: string, meters: ReadonlySet<string>): PlanFault[] {
  if (meters.has(meter)) return [];
  const known = [...meters].join(', ') || 'none yet';
  return [{ path, message: `The API product has no meter "${meter}". Its meters: ${known}.` }];
}

function modelFaults(price: PriceModel, path: string): PlanFault[] {
  switch (price.model) {
    case 'per_unit':
      return moneyFaults(price.unitAmount, `${path}.unitAmount`);
    case 'graduated':
    case 'volume':
      return tiersFaults(price.tiers, `${path}.tiers`, price.model, unitTierFaults);
    case 'graduated_percentage':
      return tiersFaults(price.tiers, `${path}.tiers`, price.model, percentageTierFaults);
    case 'package':
      return [
        ...positiveFaults(price.packageSize, `${path}.packageSize`),
        ...moneyFaults(price.packageAmount, `${path}.packageAmount`),
      ];
    case 'percentage':
      return percentageFaults(price, path);
    case 'dynamic':
      return decimalFaults(price.multiplier, `${path}.multiplier`);
  }
}

function percentageFaults(price: PercentagePrice, path: string): PlanFault[] {
  const { minimumPerEvent, maximumPerEvent, freeEvents } = price;
  const faults = [
    ...percentFaults(price.ratePercent, `${path}.ratePercent`),
    ...optionalMoneyFaults(price.fixedAmount, `${path}.fixedAmount`),
    ...optionalFaults(freeEvents, `${path}.freeEvents`),
    ...optionalFaults(price.freeAmount, `${path}.freeAmount`),
    ...optionalMoneyFaults(minimumPerEvent, `${path}.minimumPerEvent`),
    ...optionalMoneyFaults(maximumPerEvent, `${path}.maximumPerEvent`),
  ];
  if (freeEvents !== undefined && isDecimal(freeEvents) && freeEvents.includes('.'))
    faults.push({ path: `${path}.freeEvents`, message: 'Events are counted in whole numbers.' });
  return [...faults, ...orderFaults(minimumPerEvent, maximumPerEvent, `${path}.maximumPerEvent`)];
}

function commitmentFaults(price: MeterPrice, path: string, settling: Settling): PlanFault[] {
  const { minimumAmount, maximumAmount } = price;
  return [
    ...(minimumAmount === undefined ? [] : amountFaults(minimumAmount, `${path}.minimumAmount`, settling)),
    ...(maximumAmount === undefined ? [] : amountFaults(maximumAmount, `${path}.maximumAmount`, settling)),
    ...orderFaults(minimumAmount, maximumAmount, `${path}.maximumAmount`),
  ];
}

/** A percentage looks at the value of single events, of which no units can be taken off or converted before. */
function valueFaults(price: MeterPrice, path: string): PlanFault[] {
  if (price.price.model !== 'percentage') return [];
  const message = 'A percentage is taken of the value of each event; use freeEvents and freeAmount instead.';
  return [
    ...(price.aggregation
      ? [
          {
            path: `${path}.price.model`,
            message: `A percentage needs a meter that adds up, not "${price.aggregation}".`,
          },
        ]
      : []),
    ...(isMoney(price.included) ? [{ path: `${path}.included`, message }] : []),
    ...(price.conversion ? [{ path: `${path}.conversion`, message }] : []),
    ...(isMoney(price.discountUnits) ? [{ path: `${path}.discountUnits`, message }] : []),
  ];
}

function orderFaults(least: DecimalString | undefined, most: DecimalString | undefined, path: string): PlanFault[] {
  if (least === undefined || most === undefined || !isDecimal(least) || !isDecimal(most)) return [];
  if (compareDecimals(least, most) <= 0) return [];
  return [{ path, message: `The maximum "${most}" is below the minimum "${least}".` }];
}

function tiersFaults<Tier extends { readonly upTo: DecimalString | null }>(
  tiers: readonly Tier[],
  path: string,
  model: PriceModel['model'],
  tierFaults: (tier: Tier, path: string) => PlanFault[],
): PlanFault[] {
  if (tiers.length === 0) return [{ path, message: `A ${model.replace('_', ' ')} price needs at least one tier.` }];
  return tiers.flatMap((tier, index) => [
    ...boundFaults(tiers, index, `${path}[${index}].upTo`),
    ...tierFaults(tier, `${path}[${index}]`),
  ]);
}

function unitTierFaults(tier: PriceTier, path: string): PlanFault[] {
  return [...moneyFaults(tier.unitAmount, `${path}.unitAmount`), ...moneyFaults(tier.flatAmount, `${path}.flatAmount`)];
}

function percentageTierFaults(tier: PercentageTier, path: string): PlanFault[] {
  return [
    ...percentFaults(tier.ratePercent, `${path}.ratePercent`),
    ...moneyFaults(tier.flatAmount, `${path}.flatAmount`),
  ];
}

function boundFaults(
  tiers: readonly { readonly upTo: DecimalString | null }[],
  index: number,
  path: string,
): PlanFault[] {
  const upTo = tiers[index]!.upTo;
  const isLast = index === tiers.length - 1;
  if (upTo === null) return isLast ? [] : [{ path, message: 'Only the last tier is open (null).' }];
  if (!isDecimal(upTo)) return decimalFaults(upTo, path);

  const faults: PlanFault[] = isLast ? [{ path, message: 'The last tier must be open (null).' }] : [];
  const lowerBound = index === 0 ? '0' : tiers[index - 1]!.upTo;
  if (lowerBound !== null && isDecimal(lowerBound) && parseDecimal(upTo).lte(parseDecimal(lowerBound))) {
    faults.push({ path, message: `Tiers ascend: "${upTo}" must be more than "${lowerBound}".` });
  }
  return faults;
}
