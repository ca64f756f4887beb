/** Stripe takes amounts of these currencies in steps of minor units only: https://docs.stripe.com/currencies#special-cases */
const STEPS: Readonly<Record<string, number>> = { BHD: 10, JOD: 10, KWD: 10, OMR: 10, TND: 10, MGA: 100 };

/** The minor units of a currency that amounts must be multiples of, so that Stripe takes them; 1 for most. */
export function roundingStepMinor(currency: string): number {
  return STEPS[currency] ?? 1;
}
