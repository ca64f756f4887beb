/**
 * The least that Stripe charges, in minor units, as far as it publishes it:
 * https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts
 */
const MINIMUM_CHARGES: Readonly<Record<string, bigint>> = {
  AED: 200n,
  AUD: 50n,
  BRL: 50n,
  CAD: 50n,
  CHF: 50n,
  CZK: 1500n,
  DKK: 250n,
  EUR: 50n,
  GBP: 30n,
  HKD: 400n,
  HUF: 17_500n,
  INR: 50n,
  JPY: 50n,
  MXN: 1000n,
  MYR: 200n,
  NOK: 300n,
  NZD: 50n,
  PLN: 200n,
  RON: 200n,
  SEK: 300n,
  SGD: 50n,
  THB: 1000n,
  USD: 50n,
};

/**
 * Of other currencies Stripe asks for what half a US dollar is worth in the currency that is paid out: that is not known here, so
 * whoever charges them gives the amount.
 */
const UNPUBLISHED = 50n;

/** The least that Stripe charges in a currency (ISO 4217, upper case), in its minor units. */
export function stripeMinimumChargeMinor(currency: string): bigint {
  return MINIMUM_CHARGES[currency] ?? UNPUBLISHED;
}
