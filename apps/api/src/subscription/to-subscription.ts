import type { SubscriptionOverview } from '#services';
import type { z } from 'zod';
import { toMoney } from '../contract/value.schema.js';
import type { subscription } from './subscription.schema.js';

export function toSubscription(overview: SubscriptionOverview): z.input<typeof subscription> {
  const { moneyCapMinor, currency } = overview;
  return { ...overview, moneyCap: moneyCapMinor === null ? null : toMoney(BigInt(moneyCapMinor), currency) };
}
