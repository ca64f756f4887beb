/** Where Stripe's amounts do not count the minor unit of ISO 4217: https://docs.stripe.com/currencies#special-cases */
const MORE_DIGITS: Readonly<Record<string, number>> = { ISK: 2, UGX: 2, MGA: -2 };

/** How many decimal places Stripe's amounts of a currency (upper case) have beyond its minor unit; 0 for most. */
export function moreDigitsAtStripe(currency: string): number {
  return MORE_DIGITS[currency] ?? 0;
}
