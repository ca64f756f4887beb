import type { ReportFault, ReportedUsage } from '#domain';
import type { ReportableSubscription } from '#persistence';

/** The subscription that reported usage belongs to, and the phase that it was in then. */
export interface PayingSubscription {
  readonly subscription: ReportableSubscription;
  readonly phase: ReportableSubscription['phases'][number];
}

/**
 * Which of the subscriptions that the subject of a report stands for had a plan at that time and has all the meters; only those to
 * the product that the report names, if it names one. A fault when there is none, or more than one: usage is money, so nothing is guessed.
 */
export function payingSubscription(
  { quantities, product }: ReportedUsage,
  subscriptions: readonly ReportableSubscription[],
  usedMs: number,
): PayingSubscription | ReportFault {
  const named = subscriptions.filter(({ productSlug }) => product === null || productSlug === product);
  if (named.length === 0)
    return {
      pointer: '/data/product',
      message: `the subscription is to another product: ${productsOf(subscriptions)}`,
    };
  const counting = named.filter(({ meters }) => unknownMeter(quantities, meters) === undefined);
  if (counting.length === 0) return meterFault(quantities, named);
  const paying = counting.flatMap((subscription) => {
    const phase = subscription.phases.find(
      ({ startsAt, endsAt }) => startsAt.getTime() <= usedMs && (endsAt === null || usedMs < endsAt.getTime()),
    );
    return phase ? [{ subscription, phase }] : [];
  });
  const [only, ...others] = paying;
  if (!only) return { pointer: '/time', message: 'the subscription had no plan at that time' };
  if (others.length === 0) return only;
  const products = productsOf(paying.map(({ subscription }) => subscription));
  return {
    pointer: '/data/product',
    message: `the application has subscriptions to ${products}: say which product this was used of`,
  };
}

function unknownMeter(
  quantities: ReportedUsage['quantities'],
  meters: ReportableSubscription['meters'],
): string | undefined {
  return Object.keys(quantities).find((meter) => !meters.some(({ slug }) => slug === meter));
}

function meterFault(
  quantities: ReportedUsage['quantities'],
  subscriptions: readonly ReportableSubscription[],
): ReportFault {
  const [{ meters }] = subscriptions as readonly [ReportableSubscription];
  const unknown = unknownMeter(quantities, meters)!;
  if (subscriptions.length > 1) {
    const message = `no product that the application has a subscription to counts all of this: ${productsOf(subscriptions)}`;
    return { pointer: `/data/quantities/${unknown}`, message };
  }
  const known = meters.map(({ slug }) => slug).join(', ');
  return { pointer: `/data/quantities/${unknown}`, message: `the product has no such meter, but ${known}` };
}

function productsOf(subscriptions: readonly ReportableSubscription[]): string {
  return [...new Set(subscriptions.map(({ productSlug }) => productSlug))].join(', ');
}
