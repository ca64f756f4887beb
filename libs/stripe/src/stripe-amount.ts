import { InvalidError, PaymentStateError, moreDigitsAtStripe } from '#domain';

/** Stripe takes at most eight digits in most currencies; it refuses more itself, where a currency allows less. */
const maximumAmount = 999_999_999_999n;

/**
 * Settled minor units of a currency (any case) as Stripe's JSON number, exact.
 * @throws InvalidError `amount_out_of_range` for more than a double can hold, or a part of what Stripe counts
 */
export function toStripeAmount(amountMinor: bigint, currency: string, what: string): number {
  const digits = moreDigitsAtStripe(currency.toUpperCase());
  const step = digits < 0 ? 10n ** BigInt(-digits) : 1n;
  const amount = digits > 0 ? amountMinor * 10n ** BigInt(digits) : amountMinor / step;
  if (amountMinor % step !== 0n) {
    throw new InvalidError(
      'amount_out_of_range',
      `${what} is ${amountMinor} minor units: Stripe takes steps of ${step}.`,
    );
  }
  if (amount > maximumAmount || amount < -maximumAmount) {
    throw new InvalidError('amount_out_of_range', `${what} is ${amountMinor} minor units, more than Stripe can carry.`);
  }
  return Number(amount);
}

/**
 * Stripe's JSON number as settled minor units of a currency (any case); `BigInt` throws on anything but a whole number.
 * @throws PaymentStateError for a part of a minor unit
 */
export function fromStripeAmount(amount: number, currency: string): bigint {
  const digits = moreDigitsAtStripe(currency.toUpperCase());
  if (digits < 0) return BigInt(amount) * 10n ** BigInt(-digits);
  const step = 10n ** BigInt(digits);
  if (BigInt(amount) % step === 0n) return BigInt(amount) / step;
  throw new PaymentStateError(`Stripe has ${amount} ${currency.toUpperCase()}, which is not a multiple of ${step}.`);
}
