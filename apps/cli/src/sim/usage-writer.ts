import { randomFillSync } from 'node:crypto';
import {
  FixedClock,
  type QuotaDefinition,
  type UsageEvent,
  UuidV7Generator,
  definitionOfPhase,
  monthlyPeriodAt,
  phaseAt,
} from '#domain';
import { listPricedPhases, lockSubscription } from '#persistence';
import { encodeSegmentJob } from '#queues';
import { type ServiceContext, ingestSegments, prepareUsagePartitions } from '#services';

/** Who calls, by the ids that events name. */
export interface Caller {
  readonly organizationId: string;
  readonly applicationId: string;
  readonly credentialId: string;
  readonly subscriptionId: string;
  readonly apiProductId: string;
  readonly apiVersionId: string;
  readonly anchorMs: number;
}

const GATEWAY = 'sim';
const SEGMENT_SIZE = 1_000;

/** Records usage as a gateway does, and ships it to the ledger in segments. */
export class UsageWriter {
  private readonly waiting: UsageEvent[] = [];
  /** Units of hard quotas by subscription, period and meter. */
  private readonly used = new Map<string, number>();
  private segment = 0;

  constructor(private readonly context: ServiceContext) {}

  /**
   * An event of the caller, admitted now by the plan in force; null when no plan is, or it is suspended, and calls are refused. Units beyond a
   * hard quota are refused too, and are none of the event.
   */
  async admit(caller: Caller, units: Readonly<Record<string, number>>): Promise<UsageEvent | null> {
    const { clock, unitOfWork } = this.context;
    const atMs = clock.nowMs();
    const { phases, subscription } = await unitOfWork.inSystem(async (transaction) => ({
      phases: await listPricedPhases(transaction, caller.subscriptionId),
      subscription: await lockSubscription(transaction, caller.subscriptionId),
    }));
    if (subscription!.suspendedFor.length > 0) return null;
    const phase = phaseAt(phases, clock.now());
    if (phase.endsAt && phase.endsAt.getTime() <= atMs) return null;
    const { startMs: periodStartMs } = monthlyPeriodAt(caller.anchorMs, atMs);
    const { quotas } = definitionOfPhase(phase.definition, phase.isTrial);
    const admitted = Object.entries(units).flatMap(([meter, asked]) => {
      const quota = quotas.find((one) => one.meter === meter && one.enforcement === 'hard');
      const left = quota ? this.takeFrom(quota, `${caller.subscriptionId} ${periodStartMs} ${meter}`, asked) : asked;
      return left > 0 ? [[meter, String(left)]] : [];
    });
    if (admitted.length === 0) return null;
    const { anchorMs: _, ...ids } = caller;
    return {
      ...ids,
      id: new UuidV7Generator(new FixedClock(atMs), randomFillSync).next(),
      seq: 0,
      endedAtMs: atMs,
      gatewayId: GATEWAY,
      mode: 'live',
      phaseId: phase.id,
      planVersionId: phase.planVersionId,
      periodStartMs,
      operation: 'simulated',
      method: 'GET',
      status: 200,
      outcome: 'delivered',
      reason: 'ok',
      attempts: 1,
      bytesIn: 0,
      bytesOut: 0,
      quantities: Object.fromEntries(admitted),
      billable: true,
      countsToQuota: true,
    };
  }

  /** Lets an event wait for the next segment. */
  add(event: UsageEvent): void {
    this.waiting.push(event);
  }

  /** Brings all that waits into the ledger. */
  async ship(): Promise<void> {
    if (this.waiting.length === 0) return;
    await prepareUsagePartitions(this.context);
    while (this.waiting.length > 0) {
      const payloads = this.waiting.splice(0, SEGMENT_SIZE).map((event) => Buffer.from(JSON.stringify(event)));
      const segment = ++this.segment;
      const job = await encodeSegmentJob({ gatewayId: GATEWAY, epoch: 1, segment, attempt: 1, payloads });
      const [result] = await ingestSegments(this.context, [job]);
      if (result!.status === 'rejected') throw result!.reason;
      if (result!.value.quarantined > 0) throw new Error(`${result!.value.quarantined} events were kept aside`);
    }
  }

  private takeFrom({ limit }: Pick<QuotaDefinition, 'limit'>, key: string, asked: number): number {
    const used = this.used.get(key) ?? 0;
    const granted = Math.max(0, Math.min(asked, limit - used));
    this.used.set(key, used + granted);
    return granted;
  }
}
