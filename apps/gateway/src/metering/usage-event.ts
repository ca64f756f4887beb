import type { UsageEvent } from '#domain';
import type { Exchange } from '../exchange.js';
import type { Judgement } from './billability.js';
import type { PassedBytes } from './call-cost.js';
import { distinctValuesOf } from './distinct-values.js';
import type { Ending } from './judge.js';

export type Traffic = PassedBytes;

/** The one record of an admitted request. */
export function usageEvent(
  gatewayId: string,
  exchange: Exchange,
  ending: Ending,
  judgement: Judgement,
  traffic: PassedBytes,
  endedAtMs: number,
): UsageEvent {
  const { application, credential, mode, terms, productId, metering } = exchange.account!;
  const { settled } = exchange;
  const { version, operation } = exchange.operation!;
  return {
    id: exchange.requestId,
    seq: 0,
    endedAtMs,
    gatewayId,
    mode,
    organizationId: application.organizationId,
    applicationId: application.id,
    credentialId: credential.id,
    subscriptionId: terms === null ? null : terms.subscription.id,
    phaseId: terms === null ? null : terms.phaseId,
    planVersionId: terms === null ? null : terms.planVersionId,
    periodStartMs: terms === null ? null : terms.periodStartMs,
    apiProductId: productId,
    apiVersionId: version.id,
    operation,
    method: exchange.request.method!,
    status: ending.status,
    outcome: ending.outcome,
    reason: judgement.reason,
    attempts: exchange.attempts,
    bytesIn: traffic.bytesIn,
    bytesOut: traffic.bytesOut,
    quantities: settled === null ? metering.quantities : settled.quantities,
    billable: judgement.billable,
    countsToQuota: judgement.countsToQuota,
    estimated: settled?.isEstimated || undefined,
    overrun: settled?.overrun ?? undefined,
    distinctValues: distinctValuesOf(exchange),
  };
}
