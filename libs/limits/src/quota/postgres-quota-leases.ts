import type { Clock, UuidV7Generator } from '#domain';
import {
  type OwnedQuotaPlace,
  type QuotaBalance,
  type QuotaLeaseRow,
  type QuotaPlace,
  type Transaction,
  type UnitOfWork,
  countRunningGateways,
  endUnknownQuotaLeases,
  findQuotaOpening,
  insertQuotaLeases,
  lockFreeQuotas,
  lockQuota,
  notifyQuotaWanted,
  readQuotaBalances,
  settleQuotaLeases,
  shrinkQuotaLease,
} from '#persistence';
import { QuestionsTogether } from '../questions-together.js';
import { blockSize } from './block-size.js';
import { type ReservedUnits, endAllLeasesLeftOpen, endQuotaLeasesLeftOpen } from './leases-left-open.js';
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

/** What is asked together is told together: few enough to be answered within some milliseconds. */
const together = { mostInOneCall: 128, mostCalls: 4 } as const;

/**
 * Leases as rows in Postgres. Lending is serialised for each quota, so that all gateways together never lend too much. What is
 * asked of several quotas at once, as by a gateway that has just started, is lent in one transaction.
 */
export class PostgresQuotaLeases implements QuotaLeases {
  private readonly questions = new QuestionsTogether(
    (requests: readonly LeaseRequest[]) => this.acquireTogether(requests),
    together,
  );

  constructor(private readonly options: PostgresQuotaLeasesOptions) {}

  async acquire(request: LeaseRequest): Promise<LeaseAnswer> {
    return (await this.questions.ask(request)) ?? this.acquireAlone(request);
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
   * `reserved` by calls that those epochs have left behind counts as used. Returns how many were ended.
   * @throws QuotaStoreError
   */
  settleEpochs(lastEpoch: number, reserved: readonly ReservedUnits[] = []): Promise<number> {
    const { gatewayId, clock } = this.options;
    return endAllLeasesLeftOpen(() =>
      this.inStore((transaction) =>
        endQuotaLeasesLeftOpen(transaction, { gatewayId, lastEpoch, reserved }, clock.now()),
      ),
    );
  }

  /** Waits for the lock of the quota, and opens it first if it began within the period. */
  private acquireAlone(request: LeaseRequest): Promise<LeaseAnswer> {
    const place = placeOf(request);
    const { organizationId } = request;
    return this.inStore(async (transaction) => {
      await lockQuota(transaction, place);
      await settleQuotaLeases(transaction, request.usedUp, this.options.clock.now());
      const opening = await findQuotaOpening(transaction, place);
      if (opening !== null && !(await openQuota(transaction, { ...place, organizationId }, opening, this.options)))
        return { kind: 'refused', unleased: 0, lent: request.atLeast };
      const [answer] = await this.lend(transaction, [request]);
      return answer!;
    });
  }

  /** Null for those that would have to wait for a lock, or for the opening of their quota: they hold no other one up. */
  private acquireTogether(requests: readonly LeaseRequest[]): Promise<readonly (LeaseAnswer | null)[]> {
    return this.inStore(async (transaction) => {
      const free = await lockFreeQuotas(transaction, requests.map(ownedPlaceOf));
      const locked = free.map((index) => requests[index]!);
      const usedUp = locked.flatMap((request) => request.usedUp);
      await settleQuotaLeases(transaction, usedUp, this.options.clock.now());
      const answers = new Map((await this.lend(transaction, locked)).map((answer, at) => [free[at]!, answer]));
      return requests.map((_, index) => answers.get(index) ?? null);
    });
  }

  /** Lends units of quotas that are locked and open, in the order of the requests. */
  private async lend(transaction: Transaction, requests: readonly LeaseRequest[]): Promise<LeaseAnswer[]> {
    if (requests.length === 0) return [];
    const balances = await readQuotaBalances(transaction, requests.map(placeOf));
    const gateways = await countRunningGateways(transaction, this.since());
    const answers = requests.map((request, index) => this.answer(request, balances[index]!, gateways));
    const rows: QuotaLeaseRow[] = [];
    for (const [index, answer] of answers.entries()) {
      const request = requests[index]!;
      if (answer.kind === 'granted') rows.push(this.rowOf(answer.lease, request));
      else if (answer.lent > 0)
        await notifyQuotaWanted(transaction, { ...placeOf(request), wantedBy: this.options.gatewayId });
    }
    await insertQuotaLeases(transaction, rows, this.options.clock.now());
    return answers;
  }

  private answer(request: LeaseRequest, { used, lent }: QuotaBalance, gateways: number): LeaseAnswer {
    const unleased = Math.max(0, request.limit - used - lent);
    const units = blockSize({ unleased, gateways, atLeast: request.atLeast, atMost: request.atMost });
    if (units === null) return { kind: 'refused', unleased, lent };
    return { kind: 'granted', lease: { id: this.options.ids.next(), units }, unleased: unleased - units };
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

function ownedPlaceOf(request: LeaseRequest): OwnedQuotaPlace {
  return { ...placeOf(request), organizationId: request.organizationId };
}

function placeOf({ subscriptionId, meter, periodStartMs }: QuotaKey): QuotaPlace {
  return { subscriptionId, meter, periodStart: new Date(periodStartMs) };
}
