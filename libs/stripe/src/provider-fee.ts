import type Stripe from 'stripe';
import { type ProviderFee, type ProviderFeeKind, moreDigitsAtStripe } from '#domain';

/** The fee of a movement of the account, whose source is expanded; null where there is none, and for what is of no payment. */
export function toProviderFee({ id, fee, currency, created, source }: Stripe.BalanceTransaction): ProviderFee | null {
  if (fee === 0 || source === null || typeof source === 'string') return null;
  const kind = kinds.get(source.object);
  if (kind === undefined || !('payment_intent' in source)) return null;
  const { payment_intent: intent } = source;
  const providerPaymentId = typeof intent === 'object' ? intent?.id : intent;
  if (!providerPaymentId) return null;
  return {
    providerTransactionId: id,
    providerPaymentId,
    kind,
    currency: currency.toUpperCase(),
    amountMinor: minorOf(fee, currency.toUpperCase()),
    chargedAt: new Date(created * 1000),
  };
}

/** To the nearest minor unit, halves away from zero: a fee may be a part of one where Stripe counts smaller ones. */
function minorOf(fee: number, currency: string): bigint {
  const digits = moreDigitsAtStripe(currency);
  const exact = BigInt(fee);
  if (digits < 0) return exact * 10n ** BigInt(-digits);
  const step = 10n ** BigInt(digits);
  // As much is given back as was taken.
  return exact < 0n ? -roundHalfUp(-exact, step) : roundHalfUp(exact, step);
}

function roundHalfUp(amount: bigint, step: bigint): bigint {
  return (2n * amount + step) / (2n * step);
}

const kinds: ReadonlyMap<string, ProviderFeeKind> = new Map([
  ['charge', 'payment'],
  ['refund', 'refund'],
  ['dispute', 'dispute'],
]);
