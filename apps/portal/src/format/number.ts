const grouping = new Intl.NumberFormat('en-US', { maximumFractionDigits: 12 });
const compact = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 });

/** A decimal string as the typed overload of Intl.NumberFormat wants it; the number formatter reads strings exactly. */
export function exactly(decimal: string): Intl.StringNumericLiteral {
  return decimal as Intl.StringNumericLiteral;
}

/** A quantity with its thousands grouped: "1234567.5" → "1,234,567.5". Exact: a string is never made a number. */
export function formatQuantity(quantity: string | number): string {
  return grouping.format(typeof quantity === 'number' ? quantity : exactly(quantity));
}

/** A number short enough for an axis: 12345 → "12.3K". */
export function formatCompact(value: number): string {
  return compact.format(value);
}

/** "1 request", "2 requests". Only regular English plurals; units come from the catalogue in the singular. */
export function formatUnits(quantity: string | number, unit: string): string {
  const isOne = Number(quantity) === 1;
  return `${formatQuantity(quantity)} ${isOne ? unit : pluralOf(unit)}`;
}

export function pluralOf(unit: string): string {
  if (/[^aeiou]y$/.test(unit)) return `${unit.slice(0, -1)}ies`;
  if (/(s|x|z|ch|sh)$/.test(unit)) return `${unit}es`;
  return `${unit}s`;
}

/** Bytes in the unit that reads best: 4821 → "4.8 kB". */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let index = 0;
  while (value >= 1000 && index < units.length - 1) {
    value /= 1000;
    index += 1;
  }
  return `${index === 0 ? value : value.toFixed(value < 10 ? 1 : 0)} ${units[index]}`;
}

/** A share of a whole as "12%", or "<1%" where rounding would hide that it is not nothing. */
export function formatShare(part: number, whole: number): string {
  if (whole <= 0 || part <= 0) return '0%';
  const percent = (part / whole) * 100;
  if (percent < 1) return '<1%';
  return percent < 10 ? `${percent.toFixed(1).replace(/\.0$/, '')}%` : `${Math.round(percent)}%`;
}
