import { displayApiKey } from '#domain';
import type { UsageRequest } from '#persistence';
import type { CurrentUsage, UsageReceipt } from '#services';
import type { z } from 'zod';
import { toRatedLine } from '../catalog/to-estimate.js';
import { toSubscription } from '../subscription/to-subscription.js';
import { toMoney } from '../contract/value.schema.js';
import { toTax } from '../tax/to-tax.js';
import type { currentUsageAnswer, usageReceipt, usageRequest } from './usage.schema.js';

export function toUsageRequest({ credential, ...request }: UsageRequest): z.input<typeof usageRequest> {
  return {
    ...request,
    // What was reported came with no key.
    credentialDisplay: credential.keyId === '' ? 'reported' : displayApiKey(request.mode, credential.keyId),
    durationMs: request.endedAt.getTime() - request.admittedAt.getTime(),
  };
}

export function toUsageReceipt({ rows, ...request }: UsageReceipt): z.input<typeof usageReceipt> {
  return { ...toUsageRequest(request), rows };
}

export function toCurrentUsage(usage: readonly CurrentUsage[]): z.input<typeof currentUsageAnswer> {
  return {
    subscriptions: usage.map(({ subscription, meters, currency, taxed, isExact, lines, ...amounts }) => ({
      subscription: toSubscription(subscription),
      meters,
      estimate: toMoney(amounts.estimateMinor, currency),
      taxes: (taxed?.taxes ?? []).map((tax) => toTax(tax, currency)),
      taxTreatment: taxed?.treatment ?? null,
      total: toMoney(amounts.estimateMinor + (taxed?.taxMinor ?? 0n), currency),
      toBalance: toMoney(amounts.excessCreditMinor + (taxed?.excessTaxMinor ?? 0n), currency),
      estimateIsExact: isExact,
      lines: lines.map((line) => toRatedLine(line, currency)),
    })),
  };
}
