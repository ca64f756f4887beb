import { Big } from 'big.js';
import type { DecimalString, MeterPrice, PriceModel, UnitConversion } from '../catalog/plan-definition.js';
import { formatDecimal, parseDecimal } from '../money/decimal.js';

const PLACES = 12;
const UP = 3;
/** Digits before the point of the greatest quantity that is shown. */
const MOST = new Big('1e15');
/** Tiers whose edges are shown, from the first on. */
const EDGES = 8;

/**
 * Quantities of a meter at which its price is worth a look, ascending, each once: nothing, the last free unit and the
 * first that is not, both sides of each tier's edge (of the first eight), and a quantity well within the last tier. At most
 * 20; `price` passes validation.
 */
export function exampleQuantities(price: MeterPrice): DecimalString[] {
  const included = parseDecimal(price.included, 'included');
  const edges = edgesOf(price.price).map((edge) => included.plus(toMeterUnits(price, edge)));
  const last = edges.at(-1) ?? included;
  const beyond =
    edges.length > 0 ? last.times(2) : included.plus(new Big(included.gt(100) ? included : 1000).times(10));
  const quantities = [
    new Big(0),
    ...(included.gt(0) ? [included] : []),
    included.plus(1),
    ...(edges.length === 0 ? [included.plus(100), included.plus(1000)] : []),
    ...edges.flatMap((edge) => [edge, edge.plus(1)]),
    beyond,
  ];
  return ascending(quantities);
}

/**
 * The examples with quantities between them, evenly spread from nothing to the greatest of them, ascending: where to draw
 * the line of a price. So many steps at most; whole numbers.
 */
export function curveQuantities(examples: readonly DecimalString[], steps: number): DecimalString[] {
  const all = examples.map((quantity) => parseDecimal(quantity));
  const most = all.reduce((greatest, quantity) => (quantity.gt(greatest) ? quantity : greatest), new Big(0));
  const between = Array.from({ length: steps }, (_, index) => most.times(index).div(steps).round(0, UP));
  return ascending([...all, ...between]);
}

function ascending(quantities: readonly Big[]): DecimalString[] {
  const shown = quantities.filter((quantity) => quantity.lte(MOST)).toSorted((one, other) => one.cmp(other));
  return [...new Set(shown.map((quantity) => formatDecimal(quantity.round(PLACES, UP))))];
}

/** Where the price of a unit changes, in the units that the price is for. */
function edgesOf(price: PriceModel): Big[] {
  switch (price.model) {
    case 'graduated':
    case 'volume':
    case 'graduated_percentage':
      return price.tiers.slice(0, EDGES).flatMap(({ upTo }) => (upTo === null ? [] : [parseDecimal(upTo, 'upTo')]));
    case 'package': {
      const size = parseDecimal(price.packageSize, 'packageSize');
      return [size, size.times(10)];
    }
    case 'percentage':
      return price.freeAmount === undefined ? [] : [parseDecimal(price.freeAmount, 'freeAmount')];
    case 'per_unit':
    case 'dynamic':
      return [];
  }
}

/** Units of the meter beyond the included ones that become so many units of the price, those taken off counted in. */
function toMeterUnits({ conversion, discountUnits }: MeterPrice, units: Big): Big {
  const taken = units.plus(parseDecimal(discountUnits ?? '0', 'discountUnits'));
  return conversion ? before(conversion, taken) : taken;
}

function before({ operation, factor }: UnitConversion, units: Big): Big {
  const by = parseDecimal(factor, 'factor');
  return operation === 'divide' ? units.times(by) : units.div(by).round(PLACES, UP);
}
