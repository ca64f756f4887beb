const grouping = new Intl.NumberFormat('en-US', { maximumFractionDigits: 12 });

/** "1,234,567.5": a decimal with its thousands grouped, every digit kept. */
export function quantityWords(quantity: string | number): string {
  return grouping.format(typeof quantity === 'number' ? quantity : (quantity as Intl.StringNumericLiteral));
}

/** An exact amount in major units with its currency: "$0.0025", "EUR 29.00". Only US dollars get a sign, as on invoices. */
export function amountWords(amount: string, currency: string): string {
  const format = new Intl.NumberFormat('en-US', {
    style: 'currency',
    currency,
    currencyDisplay: currency === 'USD' ? 'symbol' : 'code',
    maximumFractionDigits: 12,
  });
  return format.format(amount as Intl.StringNumericLiteral).replace('\u00A0', ' ');
}

/** "1 request", "2 requests"; units come from the catalogue in the singular. */
export function unitWords(quantity: string | number, unit: string): string {
  return `${quantityWords(quantity)} ${Number(quantity) === 1 ? unit : pluralOf(unit)}`;
}

/** The regular English plural. */
export function pluralOf(unit: string): string {
  if (/[^aeiou]y$/.test(unit)) return `${unit.slice(0, -1)}ies`;
  return /(s|x|z|ch|sh)$/.test(unit) ? `${unit}es` : `${unit}s`;
}

/** True for an amount of nothing, and for none. */
export function isNothing(amount: string | undefined): boolean {
  return amount === undefined || /^-?0*(\.0*)?$/.test(amount);
}

/** With a capital letter at the beginning. */
export function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
