/** The slider of the cost calculator goes from 0 to this many units of a meter. */
export const maxQuantity = 10_000_000;

const decades = Math.log10(maxQuantity);

/** Where a quantity lies on the slider, 0 to 100. Logarithmic, because prices matter over many orders of magnitude. */
export function positionOf(quantity: number): number {
  if (quantity <= 0) return 0;
  const bounded = Math.min(quantity, maxQuantity);
  return Math.max(0, Math.min(100, (Math.log10(bounded) / decades) * 100));
}

/** The quantity at a position of the slider, with two significant digits, so that it reads well. */
export function quantityAt(position: number): number {
  if (position <= 0) return 0;
  const raw = 10 ** ((Math.min(position, 100) / 100) * decades);
  const step = 10 ** Math.max(0, Math.floor(Math.log10(raw)) - 1);
  return Math.round(raw / step) * step;
}

/** The quantity where the calculator starts: beyond what the plans include, so that there is a price to see. */
export function startingQuantity(included: readonly string[]): number {
  const largest = Math.max(0, ...included.map(Number).filter((value) => value < maxQuantity / 2));
  return largest === 0 ? 10_000 : largest * 2;
}
