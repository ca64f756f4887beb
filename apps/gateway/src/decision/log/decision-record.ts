import type { UsageEvent, VersionHeader } from '#domain';
import type { Exchange } from '../../exchange.js';
import type { GatewayCore } from '../../gateway-core.js';
import { settleUsage } from '../../metering/settle-usage.js';
import { usageEvent } from '../../metering/usage-event.js';
import { noTraffic, unreportedEnding, unreportedJudgement } from '../unreported.js';

/** An admitted call as it is kept on disk: its event as it is without a report, and where its operation is found. */
export interface DecisionRecord {
  readonly event: UsageEvent;
  /** Of the gateway that has admitted it: from that epoch's leases its units are. */
  readonly epoch: number;
  readonly authority: string;
  readonly path: string;
  /** By which its version is told apart from others at the same place; null for one that is alone there. */
  readonly versionHeader: VersionHeader | null;
}

export function writeDecisionRecord(
  gateway: GatewayCore,
  exchange: Exchange,
  epoch: number,
  rule: 'bill' | 'release',
): string {
  const { metering, billability } = exchange.account!;
  const judgement = unreportedJudgement(billability.ok, rule);
  exchange.settled = settleUsage(metering, judgement, null, noTraffic);
  const { gatewayId, clock } = gateway;
  const event = usageEvent(gatewayId, exchange, unreportedEnding, judgement, noTraffic, clock.nowMs());
  exchange.settled = null;
  const { authority, path, operation } = exchange;
  const { versionHeader } = operation!.version;
  const record: DecisionRecord = { event, epoch, authority: authority ?? '', path, versionHeader };
  return JSON.stringify(record);
}

/** Null for what was not written by us, such as after a fault of the disk. */
export function readDecisionRecord(text: string): DecisionRecord | null {
  try {
    const record = JSON.parse(text) as DecisionRecord;
    return typeof record.event.id === 'string' && typeof record.path === 'string' ? record : null;
  } catch {
    return null;
  }
}
