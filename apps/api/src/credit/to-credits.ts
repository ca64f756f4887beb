import { type CreditPack, parseDecimal, toMinorUnits } from '#domain';
import type { CreditTopUp } from '#persistence';
import type { CreditStatement } from '#services';
import type { z } from 'zod';
import { toMoney } from '../contract/value.schema.js';
import type { creditStatement } from './credit.schema.js';

export function toCreditStatement(statement: CreditStatement): z.input<typeof creditStatement> {
  const { stores, grants, entries, offers, purchases, topUps } = statement;
  return {
    offers: offers.map((offer) => ({ ...offer, seller: offer.sellerSlug, packs: offer.packs.map(toPack) })),
    purchases: purchases.map((purchase) => ({ ...purchase, price: toMoney(purchase.priceMinor, purchase.currency) })),
    topUps: topUps.map((rule) => ({
      ...rule,
      seller: rule.sellerSlug,
      amount: rule.amountMinor === null ? null : toMoney(rule.amountMinor, rule.currency),
      threshold: toMoney(rule.thresholdMinor, rule.currency),
      monthlyLimit: toMoney(rule.monthlyLimitMinor, rule.currency),
    })),
    stores: stores.map(({ sellerSlug, sellerName, currency, remainingMinor, pendingMinor, runsOutAtMs }) => ({
      seller: { slug: sellerSlug, name: sellerName },
      remaining: toMoney(remainingMinor, currency),
      pending: toMoney(pendingMinor, currency),
      available: toMoney(remainingMinor - pendingMinor, currency),
      runsOutAt: runsOutAtMs === null ? null : new Date(runsOutAtMs),
    })),
    grants: grants.map((grant) => ({
      ...grant,
      seller: { slug: grant.sellerSlug, name: grant.sellerName },
      amount: toMoney(grant.amountMinor, grant.currency),
      remaining: toMoney(grant.remainingMinor, grant.currency),
    })),
    entries: entries.map((entry) => ({
      ...entry,
      amount: toMoney(entry.amountMinor, entry.currency),
      remaining: toMoney(entry.remainingMinor, entry.currency),
    })),
  };
}

/** What of the rules that buy credits the setting of one changes; all of them, as one takes another's place. */
export function changeableTopUps(topUps: readonly CreditTopUp[]): unknown {
  return topUps.map((rule) => ({
    seller: rule.sellerSlug,
    currency: rule.currency,
    subscriptionId: rule.subscriptionId,
    pack: rule.pack,
    amountMinor: rule.amountMinor?.toString() ?? null,
    thresholdMinor: rule.thresholdMinor.toString(),
    monthlyLimitMinor: rule.monthlyLimitMinor.toString(),
    state: rule.state,
  }));
}

function toPack({ slug, title, currency, price, credits, minimum, maximum, validDays }: CreditPack) {
  const money = (amount: string | undefined) =>
    amount === undefined ? null : toMoney(toMinorUnits(parseDecimal(amount, 'amount'), currency), currency);
  return {
    slug,
    title,
    price: money(price),
    credits: money(credits),
    minimum: money(minimum),
    maximum: money(maximum),
    validDays: validDays ?? null,
  };
}
