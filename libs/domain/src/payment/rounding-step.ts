/** Stripe takes amounts of these currencies with a last digit of 0 only: https://docs.stripe.com/currencies */
const IN_TENS: ReadonlySet<string> = new Set(['BHD', 'JOD', 'KWD', 'OMR', 'TND']);

/** The minor units of a currency that amounts must be multiples of, so that Stripe takes them; 1 for most. */
export function roundingStepMinor(currency: string): number {
  return IN_TENS.has(currency) ? 10 : 1;
}
