import { type UsageEvent, uuidV7TimeMs } from '#domain';
import type { JournalWaiter } from '#journal';
import type { ReservedUnits } from '#limits';
import type { GatewayCore } from '../../gateway-core.js';
import { testBillability } from '../../metering/billability.js';
import { judge } from '../../metering/judge.js';
import { microOf } from '../../metering/micro.js';
import { settleUsage } from '../../metering/settle-usage.js';
import type { OpenRequest } from '../../metering/watermark.js';
import type { OperationEntry } from '../../snapshot/catalog.js';
import type { OpenDecision, SettlementWaiter } from '../open-decision.js';
import { type CallReport, ReportedUnits, endingOf } from '../reports/call-report.js';
import type { DecisionRecord } from './decision-record.js';

/**
 * A call that an earlier start has admitted and not recorded. Its place in the concurrency limit is gone with that start; what it had
 * taken from quotas and caps counts as used, however it ends, as the leases of that start end before it does.
 */
export class RestoredDecision implements OpenDecision, OpenRequest, JournalWaiter {
  previous: OpenRequest | null = null;
  next: OpenRequest | null = null;
  readonly admittedMs: number;
  private waiter: SettlementWaiter | null = null;

  constructor(
    private readonly gateway: GatewayCore,
    private readonly kept: DecisionRecord,
    readonly record: string,
  ) {
    this.admittedMs = uuidV7TimeMs(kept.event.id);
  }

  get requestId(): string {
    return this.kept.event.id;
  }

  get reserved(): readonly ReservedUnits[] {
    const { event, epoch: gatewayEpoch } = this.kept;
    const { subscriptionId, phaseId, periodStartMs } = event;
    if (subscriptionId === null || phaseId === null) return [];
    const periodStart = new Date(periodStartMs!);
    return Object.entries(event.quantities).map(([meter, quantity]) => {
      return { gatewayEpoch, subscriptionId, phaseId, periodStart, meter, micro: microOf(quantity) };
    });
  }

  settle(report: CallReport | null, waiter: SettlementWaiter): void {
    this.waiter = waiter;
    const event = (report === null ? null : this.judged(report)) ?? this.kept.event;
    this.gateway.journal.append({ ...event, endedAtMs: this.gateway.clock.nowMs() }, this);
  }

  onJournalled(segment: number): void {
    this.gateway.watermark.journalled(this, segment);
    this.waiter!.onRecorded();
  }

  onJournalFailed(_error: Error, segment: number | null): void {
    if (segment === null) return this.waiter!.onFailed();
    this.onJournalled(segment);
  }

  abandon(): void {
    this.gateway.watermark.leave(this);
  }

  /** Its event by the report; null when the catalogue does not have its operation any more. */
  private judged(report: CallReport): UsageEvent | null {
    const { event } = this.kept;
    const operation = this.findOperation();
    const metering = operation?.meterings.get(event.apiProductId);
    const table = this.findTable();
    if (operation === null || metering === undefined || table === null) return null;
    const ending = endingOf(report, operation.billableWhen);
    const judgement = judge(ending, table, operation.route);
    const settled = settleUsage(metering, judgement, new ReportedUnits(report), report);
    return {
      ...event,
      status: ending.status,
      outcome: ending.outcome,
      reason: judgement.reason,
      attempts: report.attempts,
      bytesIn: report.bytesIn,
      bytesOut: report.bytesOut,
      quantities: settled === null ? metering.quantities : settled.quantities,
      billable: judgement.billable,
      countsToQuota: judgement.countsToQuota,
      estimated: settled?.isEstimated || undefined,
      overrun: settled?.overrun ?? undefined,
    };
  }

  private findOperation(): OperationEntry | null {
    const { event, authority, path, versionHeader } = this.kept;
    const rawHeaders = versionHeader === null ? [] : [versionHeader.name, versionHeader.value];
    const asker = { request: event, head: { rawHeaders, valueOf: () => null } };
    const { routes } = this.gateway.snapshot.catalog;
    const found = routes.find(authority, path, asker)?.operations.get(event.method) ?? null;
    return found !== null && found.version.id === event.apiVersionId ? found : null;
  }

  private findTable() {
    const { mode, planVersionId } = this.kept.event;
    if (mode === 'test') return testBillability;
    return this.gateway.snapshot.catalog.planVersions.get(planVersionId!)?.billability ?? null;
  }
}
