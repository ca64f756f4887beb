import { type OutstandingUnits, type PlanDefinition, microToDecimal, unitsLeftUnderCap } from '#domain';
import {
  type MoneyBalance,
  type MoneyLeaseRow,
  type MoneyPlace,
  type Transaction,
  countRunningGateways,
  endUnknownMoneyLeases,
  insertMoneyLease,
  listPricedPhases,
  lockMoney,
  notifyQuotaWanted,
  readMoneyBalances,
  readMoneyTerms,
  settleMoneyLeases,
  shrinkMoneyLease,
} from '#persistence';
import { blockSize } from './block-size.js';
import { type ReservedUnits, endAllLeasesLeftOpen, endMoneyLeasesLeftOpen } from './leases-left-open.js';
import { openMoneyCap } from './money-cap-opening.js';
import {
  type Lease,
  type LeaseAnswer,
  type LeaseRequest,
  type QuotaKey,
  type QuotaLeases,
  QuotaStoreError,
  type SettledLease,
} from './quota-leases.js';
import { HEARTBEAT_MAX_AGE_MS } from './opening-step.js';
import type { PostgresQuotaLeasesOptions } from './postgres-quota-leases.js';

/** Where nothing binds: more than any hand asks for, and few enough to be added up in a number. */
const UNBOUNDED = 2 ** 51;

/**
 * Units of priced meters, in millionths, lent as long as what all that is used or lent would cost stays within the
 * subscription's money cap: Σ of the rounded lines of its invoice (invariant I4). Lending is serialised for each period of
 * a subscription, as its meters share the cap. Keys name the phase whose plan version prices the units.
 */
export class PostgresMoneyLeases implements QuotaLeases {
  private readonly definitions = new Map<string, PlanDefinition>();

  constructor(private readonly options: PostgresQuotaLeasesOptions) {}

  acquire(request: LeaseRequest): Promise<LeaseAnswer> {
    const place = placeOf(request);
    return this.inStore(async (transaction) => {
      await lockMoney(transaction, place);
      await settleMoneyLeases(transaction, request.usedUp.map(toSettled), this.options.clock.now());
      const { capMinor, opening } = await readMoneyTerms(transaction, place, request.phaseId!);
      if (opening !== null && !(await openMoneyCap(transaction, place, opening, this.options))) {
        return { kind: 'refused', unleased: 0, lent: request.atLeast };
      }
      const balances = await readMoneyBalances(transaction, place);
      await this.learnPhases(transaction, place.subscriptionId, [
        request.phaseId!,
        ...balances.map((one) => one.phaseId),
      ]);
      const unleased = this.unitsLeft(request, capMinor, balances, true);
      const gateways = await countRunningGateways(
        transaction,
        new Date(this.options.clock.nowMs() - HEARTBEAT_MAX_AGE_MS),
      );
      const units = blockSize({ unleased, gateways, atLeast: request.atLeast, atMost: request.atMost });
      if (units === null) return await this.refusal(transaction, request, capMinor, balances, unleased);
      const lease = { id: this.options.ids.next(), units };
      await insertMoneyLease(transaction, this.rowOf(lease, request), this.options.clock.now());
      return { kind: 'granted', lease, unleased: unleased - units };
    });
  }

  settle(leases: readonly SettledLease[]): Promise<void> {
    return this.inStore((transaction) =>
      settleMoneyLeases(transaction, leases.map(toSettled), this.options.clock.now()),
    );
  }

  shrink(key: QuotaKey, leases: readonly Lease[]): Promise<void> {
    return this.inStore(async (transaction) => {
      await lockMoney(transaction, placeOf(key));
      const ended = leases.filter(({ units }) => units === 0).map(({ id }) => ({ id, usedMicro: 0n }));
      await settleMoneyLeases(transaction, ended, this.options.clock.now());
      for (const { id, units } of leases) if (units > 0) await shrinkMoneyLease(transaction, id, BigInt(units));
    });
  }

  endUnknown(key: QuotaKey, known: readonly string[]): Promise<void> {
    const { gatewayId, epoch, clock } = this.options;
    const place = placeOf(key);
    const owner = { ...place, phaseId: key.phaseId!, meter: key.meter, gatewayId, gatewayEpoch: epoch };
    return this.inStore(async (transaction) => {
      await lockMoney(transaction, place);
      await endUnknownMoneyLeases(transaction, owner, known, clock.now());
    });
  }

  /**
   * Ends the leases that crashed epochs of this gateway have left open, with what the ledger says was billed under them.
   * Only to be called when every segment of the epochs up to `lastEpoch` is acknowledged. `reserved` by calls that those epochs have left
   * behind counts as used. Returns how many were ended.
   * @throws QuotaStoreError
   */
  settleEpochs(lastEpoch: number, reserved: readonly ReservedUnits[] = []): Promise<number> {
    const { gatewayId, clock } = this.options;
    return endAllLeasesLeftOpen(() =>
      this.inStore((transaction) =>
        endMoneyLeasesLeftOpen(transaction, { gatewayId, lastEpoch, reserved }, clock.now()),
      ),
    );
  }

  /** What could come back counts as lent, of other meters as well: it makes room in the same cap. */
  private async refusal(
    transaction: Transaction,
    request: LeaseRequest,
    capMinor: bigint | null,
    balances: readonly MoneyBalance[],
    unleased: number,
  ): Promise<LeaseAnswer> {
    const { subscriptionId, periodStart } = placeOf(request);
    for (const { phaseId, meter, lentMicro } of balances) {
      if (lentMicro === 0n) continue;
      const isOwn = meter === request.meter && phaseId === request.phaseId;
      const wantedBy = isOwn ? { wantedBy: this.options.gatewayId } : {};
      await notifyQuotaWanted(transaction, { subscriptionId, meter, periodStart, phaseId, ...wantedBy });
    }
    const lent = this.unitsLeft(request, capMinor, balances, false) - unleased;
    return { kind: 'refused', unleased, lent };
  }

  private unitsLeft(
    { phaseId, meter }: QuotaKey,
    capMinor: bigint | null,
    balances: readonly MoneyBalance[],
    countsLent: boolean,
  ): number {
    if (capMinor === null) return UNBOUNDED;
    const outstanding = balances.map((balance): OutstandingUnits => ({
      phaseId: balance.phaseId,
      meter: balance.meter,
      units: microToDecimal(balance.usedMicro + (countsLent ? balance.lentMicro : 0n)),
    }));
    const input = { capMinor, definitions: this.definitions, outstanding, phaseId: phaseId!, meter };
    const left = unitsLeftUnderCap(input);
    return left === null ? UNBOUNDED : Math.min(UNBOUNDED, Number(left.times(1_000_000).toFixed(0)));
  }

  /** Plan versions never change, so each is read once. */
  private async learnPhases(
    transaction: Transaction,
    subscriptionId: string,
    phaseIds: readonly string[],
  ): Promise<void> {
    if (phaseIds.every((id) => this.definitions.has(id))) return;
    for (const { id, definition } of await listPricedPhases(transaction, subscriptionId)) {
      this.definitions.set(id, definition);
    }
  }

  private rowOf({ id, units }: Lease, key: QuotaKey): MoneyLeaseRow {
    const { gatewayId, epoch } = this.options;
    const { organizationId, meter } = key;
    return {
      ...placeOf(key),
      id,
      organizationId,
      phaseId: key.phaseId!,
      meter,
      gatewayId,
      gatewayEpoch: epoch,
      grantedMicro: BigInt(units),
    };
  }

  private async inStore<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result> {
    try {
      return await this.options.unitOfWork.inSystem(work);
    } catch (error) {
      throw new QuotaStoreError(error);
    }
  }
}

function placeOf({ subscriptionId, periodStartMs }: QuotaKey): MoneyPlace {
  return { subscriptionId, periodStart: new Date(periodStartMs) };
}

function toSettled({ id, used }: SettledLease): { id: string; usedMicro: bigint } {
  return { id, usedMicro: BigInt(used) };
}
