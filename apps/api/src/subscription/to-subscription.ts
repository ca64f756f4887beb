import type {
  CancellationPreview,
  CouponPreview,
  EstimatedPeriod,
  PlanChangePreview,
  SubscriptionEntitlements,
  SubscriptionOverview,
  SubscriptionPreview,
} from '#services';
import type { z } from 'zod';
import { toRatedLine } from '../catalog/to-estimate.js';
import { etagOf } from '../contract/entity-tag.js';
import { toMoney } from '../contract/value.schema.js';
import { toTax } from '../tax/to-tax.js';
import type {
  cancellationPreview,
  couponPreview,
  planChangePreview,
  subscription,
  subscriptionEntitlements,
  subscriptionPreview,
} from './subscription.schema.js';

export function toSubscription(overview: SubscriptionOverview): z.input<typeof subscription> {
  const { moneyCapMinor, currency, status, coupon } = overview;
  const capMinor = moneyCapMinor === null ? null : BigInt(moneyCapMinor);
  const moneyCap = capMinor === null ? null : toMoney(capMinor, currency);
  return {
    ...overview,
    state: status,
    moneyCap,
    moneyCapEtag: etagOf(changeableMoneyCap(capMinor)),
    coupon: coupon && { ...toRedeemedCoupon(coupon, currency), from: coupon.from, until: coupon.until },
  };
}

function toRedeemedCoupon(
  {
    title,
    percentOff,
    amountOffMinor,
    months,
  }: {
    readonly title: string;
    readonly percentOff: string | null;
    readonly amountOffMinor: bigint | string | null;
    readonly months: number | null;
  },
  currency: string,
) {
  return {
    title,
    percentOff,
    amountOff: amountOffMinor === null ? null : toMoney(BigInt(amountOffMinor), currency),
    months,
  };
}

/** What of a subscription the setting of its money cap changes. */
export function changeableMoneyCap(moneyCapMinor: bigint | null): unknown {
  return { moneyCapMinor: moneyCapMinor === null ? null : moneyCapMinor.toString() };
}

export function toEntitlements(found: SubscriptionEntitlements): z.input<typeof subscriptionEntitlements> {
  const operations = found.operations.map(({ basePath, template, isIncluded, ...operation }) => ({
    ...operation,
    path: basePath + template,
    included: isIncluded,
  }));
  return { ...found, operations };
}

export function toSubscriptionPreview(preview: SubscriptionPreview): z.input<typeof subscriptionPreview> {
  const { currency, trialDays, coupon, costsNothing, atStart, firstPeriod } = preview;
  return {
    currency,
    trialDays,
    coupon: coupon && toRedeemedCoupon(coupon, currency),
    costsNothing,
    atStart: toPeriodSoFar(atStart, currency),
    firstPeriod: toPeriodSoFar(firstPeriod, currency),
  };
}

export function toCancellationPreview(preview: CancellationPreview): z.input<typeof cancellationPreview> {
  return { canceledAt: preview.canceledAt, ...toPeriodSoFar(preview, preview.currency) };
}

export function toPlanChangePreview(preview: PlanChangePreview): z.input<typeof planChangePreview> {
  const { when, startsAt, currency, unchanged } = preview;
  return {
    when,
    startsAt,
    changed: toPeriodSoFar(preview, currency),
    unchanged: toPeriodSoFar(unchanged, currency),
    difference: toMoney(netMinorOf(preview) - netMinorOf(unchanged), currency),
  };
}

export function toCouponPreview(preview: CouponPreview): z.input<typeof couponPreview> {
  const { coupon, from, currency, unchanged } = preview;
  return {
    coupon: toRedeemedCoupon(coupon, currency),
    from,
    changed: toPeriodSoFar(preview, currency),
    unchanged: toPeriodSoFar(unchanged, currency),
    difference: toMoney(netMinorOf(preview) - netMinorOf(unchanged), currency),
  };
}

function totalMinorOf({ rated, taxed }: EstimatedPeriod): bigint {
  return (rated?.subtotalMinor ?? 0n) + (taxed?.taxMinor ?? 0n);
}

function toBalanceMinorOf({ rated, taxed }: EstimatedPeriod): bigint {
  return (rated?.excessCreditMinor ?? 0n) + (taxed?.excessTaxMinor ?? 0n);
}

/** What is to be paid, below zero what goes to the balance. */
function netMinorOf(period: EstimatedPeriod): bigint {
  return totalMinorOf(period) - toBalanceMinorOf(period);
}

function toPeriodSoFar(period: EstimatedPeriod, currency: string) {
  const { rated, taxed, isExact } = period;
  return {
    lines: (rated?.lines ?? []).map((line) => toRatedLine(line, currency)),
    subtotal: toMoney(rated?.subtotalMinor ?? 0n, currency),
    taxes: (taxed?.taxes ?? []).map((tax) => toTax(tax, currency)),
    taxTreatment: taxed?.treatment ?? null,
    total: toMoney(totalMinorOf(period), currency),
    toBalance: toMoney(toBalanceMinorOf(period), currency),
    isExact,
  };
}
