import type { Exchange } from '../exchange.js';
import type { GatewayCore } from '../gateway-core.js';
import type { Judgement } from '../metering/billability.js';
import { type Metering, receiptOf } from '../metering/metering.js';
import { secondsToMidnight } from '../policies/test-quota.js';
import { pushClassicLimitHeaders } from './classic-limit-headers.js';

/**
 * Adds `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers) for whoever calls: what the plan
 * allows, what is left, and in how many seconds more comes back. Soft quotas are policies only: no single gateway knows
 * what is left of them.
 */
export function pushLimitHeaders(headers: string[], gateway: GatewayCore, exchange: Exchange): void {
  const nowMs = gateway.clock.nowMs();
  const { terms, testProduct, application } = exchange.account!;
  if (testProduct) {
    const remaining = gateway.testQuotas
      .windowOf(application.id, testProduct.id, testProduct.testQuota)
      .remaining(nowMs);
    headers.push('ratelimit-policy', `"test";q=${testProduct.testQuota};w=86400`);
    headers.push('ratelimit', `"test";r=${remaining};t=${secondsToMidnight(nowMs)}`);
    return;
  }
  if (!terms || terms.policyHeader === '') return;
  headers.push('ratelimit-policy', terms.policyHeader);
  let limits = '';
  const { windows } = exchange;
  for (let index = 0; index < windows.length; index++) {
    const window = windows[index]!;
    const seconds = Math.ceil(window.nextUnitInMs(nowMs) / 1000);
    limits += `${limits && ', '}"${terms.rateLimits[index]!.name}";r=${window.remaining(nowMs)};t=${seconds}`;
  }
  for (const { name, hand } of terms.hardQuotas) {
    const seconds = Math.ceil((terms.periodEndMs - nowMs) / 1000);
    limits += `${limits && ', '}"${name}";r=${hand.remaining()};t=${seconds}`;
  }
  if (limits !== '') headers.push('ratelimit', limits);
  if (exchange.operation!.version.hasClassicLimitHeaders) pushClassicLimitHeaders(headers, exchange, nowMs);
}

/** Adds the receipt: what the call counts into each meter, and whether it is billed. */
export function pushReceipt(headers: string[], { account, cost, settled }: Exchange, judgement: Judgement): void {
  const { perMeter } = account!.metering;
  if (perMeter.length === 0) return;
  const { billable, reason } = judgement;
  const verdict = `;billable=?${billable ? 1 : 0};reason="${reason}"`;
  let receipt = '';
  for (const metered of perMeter) {
    receipt += receipt && ', ';
    if (settled !== null) receipt += receiptOf(metered.meter, settled.quantities[metered.meter] ?? '0') + verdict;
    else receipt += cost === null ? metered.receipt + verdict : cost.receiptAtHead(metered, judgement);
  }
  headers.push('usage', receipt);
}

/** Adds the receipt of a call that was refused: it costs nothing. */
export function pushRefusalReceipt(headers: string[], { perMeter }: Metering, code: string): void {
  if (perMeter.length === 0) return;
  headers.push('usage', perMeter.map(({ meter }) => `"${meter}";cost=0;billable=?0;reason="${code}"`).join(', '));
}
