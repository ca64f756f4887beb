import Stripe from 'stripe';
import { type EnsureMeteredPriceRequest, type PriceTier, InvalidError, minorOfMajor } from '#domain';

/** Stripe's key of a meter, unique among those that are active; at most 99 characters. */
export function eventNameOf({ planVersionId, meter }: { readonly planVersionId: string; readonly meter: string }) {
  return `tg_${planVersionId.replaceAll('-', '')}_${meter}`;
}

/** Stripe's id of the product of a plan version. */
export function productIdOf(planVersionId: string): string {
  return `tg_${planVersionId.replaceAll('-', '')}`;
}

type Amounts = Pick<
  Stripe.PriceCreateParams,
  'billing_scheme' | 'tiers' | 'tiers_mode' | 'transform_quantity' | 'unit_amount_decimal'
>;

/**
 * A price as Stripe says it, exact, in minor units. Units that are included with a price per unit are a free first tier.
 * @throws InvalidError `price_not_at_stripe` for a price model that Stripe does not have
 */
export function stripeAmountsOf({ price: { included, price }, currency }: EnsureMeteredPriceRequest): Amounts {
  const code = currency.toUpperCase();
  const minor = (amount: string) => Stripe.Decimal.from(minorOfMajor(amount, code));
  const tierOf = ({ upTo, unitAmount, flatAmount }: PriceTier): Stripe.PriceCreateParams.Tier => ({
    up_to: upTo === null ? 'inf' : Number(upTo),
    unit_amount_decimal: minor(unitAmount),
    ...(Number(flatAmount) > 0 && { flat_amount_decimal: minor(flatAmount) }),
  });
  switch (price.model) {
    case 'per_unit': {
      if (Number(included) === 0) return { billing_scheme: 'per_unit', unit_amount_decimal: minor(price.unitAmount) };
      const tiers = [
        { upTo: included, unitAmount: '0', flatAmount: '0' },
        { upTo: null, unitAmount: price.unitAmount, flatAmount: '0' },
      ];
      return { billing_scheme: 'tiered', tiers_mode: 'graduated', tiers: tiers.map(tierOf) };
    }
    case 'package':
      return {
        billing_scheme: 'per_unit',
        unit_amount_decimal: minor(price.packageAmount),
        transform_quantity: { divide_by: Number(price.packageSize), round: price.round },
      };
    case 'graduated':
    case 'volume':
      return { billing_scheme: 'tiered', tiers_mode: price.model, tiers: price.tiers.map(tierOf) };
    default:
      throw new InvalidError('price_not_at_stripe', `Stripe has no price of the model ${price.model}.`);
  }
}
