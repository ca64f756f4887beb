import type { CancellationPreview, SubscriptionOverview } from '#services';
import type { z } from 'zod';
import { toRatedLine } from '../catalog/to-estimate.js';
import { toMoney } from '../contract/value.schema.js';
import type { cancellationPreview, subscription } from './subscription.schema.js';

export function toSubscription(overview: SubscriptionOverview): z.input<typeof subscription> {
  const { moneyCapMinor, currency, status } = overview;
  const moneyCap = moneyCapMinor === null ? null : toMoney(BigInt(moneyCapMinor), currency);
  return { ...overview, state: status, moneyCap };
}

export function toCancellationPreview(preview: CancellationPreview): z.input<typeof cancellationPreview> {
  const { canceledAt, currency, rated, isExact } = preview;
  return {
    canceledAt,
    lines: (rated?.lines ?? []).map((line) => toRatedLine(line, currency)),
    subtotal: toMoney(rated?.subtotalMinor ?? 0n, currency),
    isExact,
  };
}
