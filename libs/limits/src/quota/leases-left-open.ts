import {
  type MoneyLeaseRow,
  type QuotaLeaseRow,
  type QuotaPlace,
  type Transaction,
  listLeasesLeftOpen,
  listMoneyLeasesLeftOpen,
  lockMoney,
  lockQuota,
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

/** Whose leases: of the gateway's epochs up to `lastEpoch`. */
export interface LeftOpen {
  readonly gatewayId: string;
  readonly lastEpoch: number;
}

/** Ends the quota leases that epochs of a gateway have left open, with what the ledger says was used. */
export async function endQuotaLeasesLeftOpen(
  transaction: Transaction,
  { gatewayId, lastEpoch }: LeftOpen,
  at: Date,
): Promise<EndedLeases> {
  const open = await listLeasesLeftOpen(transaction, gatewayId, lastEpoch);
  let sum = 0;
  const quotas = Map.groupBy(open, (lease) => JSON.stringify([lease.gatewayEpoch, ...nameOf(lease)]));
  for (const leases of quotas.values()) sum += await endQuotaLeases(transaction, leases, at);
  return {
    count: open.length,
    granted: BigInt(open.reduce((all, { granted }) => all + granted, 0)),
    used: BigInt(sum),
  };
}

/** The same of leases under money caps. */
export async function endMoneyLeasesLeftOpen(
  transaction: Transaction,
  { gatewayId, lastEpoch }: LeftOpen,
  at: Date,
): Promise<EndedLeases> {
  const open = await listMoneyLeasesLeftOpen(transaction, gatewayId, lastEpoch);
  const groups = Map.groupBy(open, ({ gatewayEpoch, subscriptionId, periodStart, phaseId, meter }) =>
    [gatewayEpoch, subscriptionId, periodStart.getTime(), phaseId, meter].join(' '),
  );
  let used = 0n;
  for (const leases of groups.values()) used += await endMoneyLeases(transaction, leases, at);
  return { count: open.length, granted: open.reduce((all, { grantedMicro }) => all + grantedMicro, 0n), used };
}

async function endQuotaLeases(transaction: Transaction, leases: readonly QuotaLeaseRow[], at: Date): Promise<number> {
  const first = leases[0]!;
  await lockQuota(transaction, first);
  const { inLedger, settled } = await readUseOfEpoch(transaction, first, first.gatewayId, first.gatewayEpoch);
  const all = Math.max(0, inLedger - settled);
  let rest = all;
  const ended = leases.map((lease, index) => {
    const used = index === leases.length - 1 ? rest : Math.min(rest, lease.granted);
    rest -= used;
    return { id: lease.id, used };
  });
  await settleQuotaLeases(transaction, ended, at);
  return all;
}

async function endMoneyLeases(transaction: Transaction, leases: readonly MoneyLeaseRow[], at: Date): Promise<bigint> {
  const first = leases[0]!;
  await lockMoney(transaction, first);
  const { inLedger, settled } = await readBilledUseOfEpoch(transaction, first);
  const all = inLedger > settled ? inLedger - settled : 0n;
  let rest = all;
  // The ledger may have more of the epoch than its leases cover: of the time before there was a cap.
  const ended = leases.map(({ id, grantedMicro }) => {
    const usedMicro = rest < grantedMicro ? rest : grantedMicro;
    rest -= usedMicro;
    return { id, usedMicro };
  });
  await settleMoneyLeases(transaction, ended, at);
  return all - rest;
}

function nameOf({ subscriptionId, meter, periodStart }: QuotaPlace): readonly unknown[] {
  return [subscriptionId, meter, periodStart.getTime()];
}
