import type { Clock, UuidV7Generator } from '#domain';
import {
  type QuotaLeaseRow,
  type QuotaPlace,
  type Transaction,
  type UnitOfWork,
  countRunningGateways,
  endUnknownQuotaLeases,
  findQuotaOpening,
  insertQuotaLease,
  lockQuota,
  notifyQuotaWanted,
  readQuotaBalance,
  settleQuotaLeases,
  shrinkQuotaLease,
} from '#persistence';
import { blockSize } from './block-size.js';
import { endQuotaLeasesLeftOpen } from './leases-left-open.js';
import { HEARTBEAT_MAX_AGE_MS } from './opening-step.js';
import { openQuota } from './quota-opening.js';
import {
  type Lease,
  type LeaseAnswer,
  type LeaseRequest,
  type QuotaKey,
  type QuotaLeases,
  QuotaStoreError,
  type SettledLease,
} from './quota-leases.js';

export interface PostgresQuotaLeasesOptions {
  readonly unitOfWork: UnitOfWork;
  readonly clock: Clock;
  readonly ids: UuidV7Generator;
  readonly gatewayId: string;
  readonly epoch: number;
}

/** Leases as rows in Postgres. Lending is serialised for each quota, so that all gateways together never lend too much. */
export class PostgresQuotaLeases implements QuotaLeases {
  constructor(private readonly options: PostgresQuotaLeasesOptions) {}

  acquire(request: LeaseRequest): Promise<LeaseAnswer> {
    const place = placeOf(request);
    const { organizationId } = request;
    return this.inStore(async (transaction) => {
      await lockQuota(transaction, place);
      await settleQuotaLeases(transaction, request.usedUp, this.options.clock.now());
      const opening = await findQuotaOpening(transaction, place);
      if (opening !== null && !(await openQuota(transaction, { ...place, organizationId }, opening, this.options)))
        return { kind: 'refused', unleased: 0, lent: request.atLeast };
      const { used, lent } = await readQuotaBalance(transaction, place);
      const unleased = Math.max(0, request.limit - used - lent);
      const gateways = await countRunningGateways(transaction, this.since());
      const units = blockSize({ unleased, gateways, atLeast: request.atLeast, atMost: request.atMost });
      if (units === null) {
        if (lent > 0) await notifyQuotaWanted(transaction, { ...place, wantedBy: this.options.gatewayId });
        return { kind: 'refused', unleased, lent };
      }
      const lease = { id: this.options.ids.next(), units };
      await insertQuotaLease(transaction, this.rowOf(lease, request), this.options.clock.now());
      return { kind: 'granted', lease, unleased: unleased - units };
    });
  }

  settle(leases: readonly SettledLease[]): Promise<void> {
    return this.inStore((transaction) => settleQuotaLeases(transaction, leases, this.options.clock.now()));
  }

  shrink(key: QuotaKey, leases: readonly Lease[]): Promise<void> {
    return this.inStore(async (transaction) => {
      await lockQuota(transaction, placeOf(key));
      const ended = leases.filter(({ units }) => units === 0).map(({ id }) => ({ id, used: 0 }));
      await settleQuotaLeases(transaction, ended, this.options.clock.now());
      for (const { id, units } of leases) if (units > 0) await shrinkQuotaLease(transaction, id, units);
    });
  }

  endUnknown(key: QuotaKey, known: readonly string[]): Promise<void> {
    const { gatewayId, epoch, clock } = this.options;
    const place = placeOf(key);
    return this.inStore(async (transaction) => {
      await lockQuota(transaction, place);
      await endUnknownQuotaLeases(transaction, place, { gatewayId, gatewayEpoch: epoch }, known, clock.now());
    });
  }

  /**
   * Ends the leases that crashed epochs of this gateway have left open, with what the ledger says was used. Only to be
   * called when every segment of the epochs up to `lastEpoch` is acknowledged: the ledger has all their events then.
   * Returns how many were ended.
   * @throws QuotaStoreError
   */
  settleEpochs(lastEpoch: number): Promise<number> {
    const { gatewayId, clock } = this.options;
    return this.inStore(async (transaction) => {
      const { count } = await endQuotaLeasesLeftOpen(transaction, { gatewayId, lastEpoch }, clock.now());
      return count;
    });
  }

  private rowOf(lease: Lease, key: QuotaKey): QuotaLeaseRow {
    const { gatewayId, epoch } = this.options;
    return {
      ...placeOf(key),
      id: lease.id,
      organizationId: key.organizationId,
      gatewayId,
      gatewayEpoch: epoch,
      granted: lease.units,
    };
  }

  private since(): Date {
    return new Date(this.options.clock.nowMs() - HEARTBEAT_MAX_AGE_MS);
  }

  private async inStore<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result> {
    try {
      return await this.options.unitOfWork.inSystem(work);
    } catch (error) {
      throw new QuotaStoreError(error);
    }
  }
}

function placeOf({ subscriptionId, meter, periodStartMs }: QuotaKey): QuotaPlace {
  return { subscriptionId, meter, periodStart: new Date(periodStartMs) };
}
