import type { PriceModel } from '../catalog/plan-definition.js';
import { rateGraduated } from './graduated.js';
import { ratePerUnit } from './per-unit.js';
import type { PricedUnits, UnitSpan } from './rated-line.js';

/** What billable units cost under a price: the table of all price models. */
export function priceUnits(span: UnitSpan, price: PriceModel): PricedUnits {
  switch (price.model) {
    case 'per_unit':
      return ratePerUnit(span, price.unitAmount);
    case 'graduated':
      return rateGraduated(span, price.tiers);
  }
}
