import { InvalidError } from '#domain';

/** Stripe takes at most eight digits in most currencies; it refuses more itself, where a currency allows less. */
const maximumMinor = 999_999_999_999n;

/** Settled minor units as Stripe's JSON number, exact: what a double cannot hold is refused. */
export function toStripeAmount(amountMinor: bigint, what: string): number {
  if (amountMinor > maximumMinor || amountMinor < -maximumMinor) {
    throw new InvalidError('amount_out_of_range', `${what} is ${amountMinor} minor units, more than Stripe can carry.`);
  }
  return Number(amountMinor);
}

/** Stripe's JSON number as settled minor units; `BigInt` throws on anything but a whole number. */
export function fromStripeAmount(amount: number): bigint {
  return BigInt(amount);
}
