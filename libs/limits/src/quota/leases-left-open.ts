import {
  type MoneyLeaseRow,
  type QuotaLeaseRow,
  type Transaction,
  listLeasesLeftOpen,
  listMoneyLeasesLeftOpen,
  lockMoneyOf,
  lockQuotas,
  readBilledUseOfEpoch,
  readUseOfEpoch,
  settleMoneyLeases,
  settleQuotaLeases,
} from '#persistence';

/** Leases that a gateway has left open, and their ends. Units under a money cap are millionths. */
export interface EndedLeases {
  readonly count: number;
  readonly granted: bigint;
  /** What the ledger says was used; the rest can be lent again. */
  readonly used: bigint;
}

/** Units of a meter, in millionths, that a call has taken which an epoch has left behind, and which is still to be recorded. */
export interface ReservedUnits {
  readonly gatewayEpoch: number;
  readonly subscriptionId: string;
  readonly meter: string;
  readonly periodStart: Date;
  readonly phaseId: string;
  readonly micro: number;
}

/** Whose leases: of the gateway's epochs up to `lastEpoch`. */
export interface LeftOpen {
  readonly gatewayId: string;
  readonly lastEpoch: number;
  /** Counts as used, beside what the ledger has: it will be recorded by a later epoch. Default: nothing. */
  readonly reserved?: readonly ReservedUnits[];
}

/** So few that nobody waits long for units of one: each of their quotas and caps is locked until the transaction ends. */
const ENDED_TOGETHER = 100;

/**
 * Ends quota leases that epochs of a gateway have left open, with what the ledger says was used: the oldest, as many as may be ended
 * in one transaction. Call it again in the next one until it has ended none.
 */
export async function endQuotaLeasesLeftOpen(
  transaction: Transaction,
  { gatewayId, lastEpoch, reserved = [] }: LeftOpen,
  at: Date,
): Promise<EndedLeases> {
  const open = await listLeasesLeftOpen(transaction, gatewayId, lastEpoch, ENDED_TOGETHER);
  await lockQuotas(transaction, open);
  let sum = 0;
  for (const [gatewayEpoch, leases] of Map.groupBy(open, (lease) => lease.gatewayEpoch)) {
    const quotas = [...Map.groupBy(leases, nameOf).values()];
    const places = quotas.map(([first]) => first!);
    const uses = await readUseOfEpoch(transaction, { gatewayId, gatewayEpoch }, places);
    const ended = quotas.flatMap((ofQuota, index) => {
      const { inLedger, settled } = uses[index]!;
      const micro = reservedOf(reserved.filter(isOf(ofQuota[0]!)));
      return usedOfEach(ofQuota, Math.max(0, inLedger + Math.ceil(micro / 1_000_000) - settled));
    });
    sum += ended.reduce((all, { used }) => all + used, 0);
    await settleQuotaLeases(transaction, ended, at);
  }
  return {
    count: open.length,
    granted: BigInt(open.reduce((all, { granted }) => all + granted, 0)),
    used: BigInt(sum),
  };
}

/** The same of leases under money caps. */
export async function endMoneyLeasesLeftOpen(
  transaction: Transaction,
  { gatewayId, lastEpoch, reserved = [] }: LeftOpen,
  at: Date,
): Promise<EndedLeases> {
  const open = await listMoneyLeasesLeftOpen(transaction, gatewayId, lastEpoch, ENDED_TOGETHER);
  await lockMoneyOf(transaction, open);
  let sum = 0n;
  for (const [gatewayEpoch, leases] of Map.groupBy(open, (lease) => lease.gatewayEpoch)) {
    const meters = [...Map.groupBy(leases, (lease) => `${nameOf(lease)} ${lease.phaseId}`).values()];
    const firsts = meters.map(([first]) => first!);
    const uses = await readBilledUseOfEpoch(transaction, { gatewayId, gatewayEpoch }, firsts);
    const ended = meters.flatMap((ofMeter, index) => {
      const { inLedger, settled } = uses[index]!;
      const { phaseId } = ofMeter[0]!;
      const ofPhase = reserved.filter(isOf(ofMeter[0]!)).filter((units) => units.phaseId === phaseId);
      const all = inLedger + BigInt(reservedOf(ofPhase));
      return usedMicroOfEach(ofMeter, all > settled ? all - settled : 0n);
    });
    sum += ended.reduce((all, { usedMicro }) => all + usedMicro, 0n);
    await settleMoneyLeases(transaction, ended, at);
  }
  return { count: open.length, granted: open.reduce((all, { grantedMicro }) => all + grantedMicro, 0n), used: sum };
}

/** Ends some in one transaction after the other until there are none; returns how many there were. */
export async function endAllLeasesLeftOpen(endSome: () => Promise<EndedLeases>): Promise<number> {
  let all = 0;
  for (;;) {
    const { count } = await endSome();
    if (count === 0) return all;
    all += count;
  }
}

/** The first leases are used up first; the last has what is more than all of them. */
function usedOfEach(leases: readonly QuotaLeaseRow[], all: number): { id: string; used: number }[] {
  let rest = all;
  return leases.map(({ id, granted }, index) => {
    const used = index === leases.length - 1 ? rest : Math.min(rest, granted);
    rest -= used;
    return { id, used };
  });
}

/** The ledger may have more of the epoch than its leases cover: of the time before there was a cap. */
function usedMicroOfEach(leases: readonly MoneyLeaseRow[], all: bigint): { id: string; usedMicro: bigint }[] {
  let rest = all;
  return leases.map(({ id, grantedMicro }) => {
    const usedMicro = rest < grantedMicro ? rest : grantedMicro;
    rest -= usedMicro;
    return { id, usedMicro };
  });
}

/** Of the same epoch and meter. */
function isOf(lease: QuotaLeaseRow | MoneyLeaseRow): (units: ReservedUnits) => boolean {
  return (units) => units.gatewayEpoch === lease.gatewayEpoch && nameOf(units) === nameOf(lease);
}

function reservedOf(units: readonly ReservedUnits[]): number {
  return units.reduce((all, { micro }) => all + micro, 0);
}

function nameOf({
  subscriptionId,
  meter,
  periodStart,
}: Pick<QuotaLeaseRow, 'subscriptionId' | 'meter' | 'periodStart'>): string {
  return `${subscriptionId} ${periodStart.getTime()} ${meter}`;
}
