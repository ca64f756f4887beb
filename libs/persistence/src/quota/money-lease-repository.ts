import type { Transaction } from '../database/unit-of-work.js';
import { type UsedPeriod, findUsageSpan } from '../usage/usage-span.js';

const MONEY_LOCK = 7_140_004;

/** What a money cap is for: the usage of one period of a subscription. */
export type MoneyPlace = UsedPeriod;

/** Units in millionths, as bigints: a period's may be more than a number holds. */
export interface MoneyLeaseRow extends MoneyPlace {
  readonly id: string;
  readonly organizationId: string;
  readonly phaseId: string;
  readonly meter: string;
  readonly gatewayId: string;
  readonly gatewayEpoch: number;
  readonly grantedMicro: bigint;
}

/** Of one phase and meter: what settled leases have used, and what is in open ones. */
export interface MoneyBalance {
  readonly phaseId: string;
  readonly meter: string;
  readonly usedMicro: bigint;
  readonly lentMicro: bigint;
}

/** Lets one transaction at a time lend units under this cap, until it ends. Call it before anything is read. */
export async function lockMoney(transaction: Transaction, place: MoneyPlace): Promise<void> {
  await transaction.query('SELECT pg_advisory_xact_lock($1, hashtext($2))', [MONEY_LOCK, lockNameOf(place)]);
}

/** As `lockMoney`, of several caps: in the same order whoever asks, so that nobody deadlocks. */
export async function lockMoneyOf(transaction: Transaction, places: readonly MoneyPlace[]): Promise<void> {
  await transaction.query(
    `SELECT pg_advisory_xact_lock($1, number)
     FROM (SELECT DISTINCT hashtext(name) AS number FROM unnest($2::text[]) AS name ORDER BY 1) AS cap`,
    [MONEY_LOCK, places.map(lockNameOf)],
  );
}

export async function readMoneyBalances(transaction: Transaction, place: MoneyPlace): Promise<MoneyBalance[]> {
  const rows = await transaction.query<{ phaseId: string; meter: string; used: string; lent: string }>(
    `SELECT phase_id AS "phaseId", meter, coalesce(sum(used_micro), 0) AS used,
            coalesce(sum(granted_micro) FILTER (WHERE settled_at IS NULL), 0) AS lent
     FROM money_lease WHERE subscription_id = $1 AND period_start = $2 GROUP BY phase_id, meter ORDER BY phase_id, meter`,
    [place.subscriptionId, place.periodStart],
  );
  return rows.map(({ phaseId, meter, used, lent }) => ({
    phaseId,
    meter,
    usedMicro: BigInt(used),
    lentMicro: BigInt(lent),
  }));
}

export async function insertMoneyLease(transaction: Transaction, lease: MoneyLeaseRow, createdAt: Date): Promise<void> {
  await transaction.query(
    `INSERT INTO money_lease (id, organization_id, subscription_id, period_start, phase_id, meter, gateway_id, gateway_epoch,
       granted_micro, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      lease.id,
      lease.organizationId,
      lease.subscriptionId,
      lease.periodStart,
      lease.phaseId,
      lease.meter,
      lease.gatewayId,
      lease.gatewayEpoch,
      lease.grantedMicro,
      createdAt,
    ],
  );
}

/** Ends open leases with what was used of them; ended ones stay as they are. */
export async function settleMoneyLeases(
  transaction: Transaction,
  leases: readonly { readonly id: string; readonly usedMicro: bigint }[],
  settledAt: Date,
): Promise<void> {
  if (leases.length === 0) return;
  await transaction.query(
    `UPDATE money_lease SET used_micro = settled.used, settled_at = $3
     FROM unnest($1::uuid[], $2::bigint[]) AS settled (id, used)
     WHERE money_lease.id = settled.id AND settled_at IS NULL`,
    [leases.map(({ id }) => id), leases.map(({ usedMicro }) => usedMicro), settledAt],
  );
}

/** Ends as unused the open leases of a phase's meter that an epoch of a gateway has, but for the `known`. */
export async function endUnknownMoneyLeases(
  transaction: Transaction,
  owner: Pick<MoneyLeaseRow, 'subscriptionId' | 'periodStart' | 'phaseId' | 'meter' | 'gatewayId' | 'gatewayEpoch'>,
  known: readonly string[],
  settledAt: Date,
): Promise<void> {
  await transaction.query(
    `UPDATE money_lease SET used_micro = 0, settled_at = $8
     WHERE subscription_id = $1 AND period_start = $2 AND phase_id = $3 AND meter = $4 AND gateway_id = $5
       AND gateway_epoch = $6 AND settled_at IS NULL AND id <> ALL ($7::uuid[])`,
    [
      owner.subscriptionId,
      owner.periodStart,
      owner.phaseId,
      owner.meter,
      owner.gatewayId,
      owner.gatewayEpoch,
      known,
      settledAt,
    ],
  );
}

/** Makes an open lease smaller; never larger. */
export async function shrinkMoneyLease(transaction: Transaction, id: string, grantedMicro: bigint): Promise<void> {
  await transaction.query(
    'UPDATE money_lease SET granted_micro = $2 WHERE id = $1 AND granted_micro > $2 AND settled_at IS NULL',
    [id, grantedMicro],
  );
}

/** Open leases that epochs of a gateway up to `lastEpoch` have left, oldest first, at most `limit`. */
export async function listMoneyLeasesLeftOpen(
  transaction: Transaction,
  gatewayId: string,
  lastEpoch: number,
  limit: number,
): Promise<MoneyLeaseRow[]> {
  const rows = await transaction.query<
    Omit<MoneyLeaseRow, 'gatewayEpoch' | 'grantedMicro'> & { gatewayEpoch: string; grantedMicro: string }
  >(
    `SELECT id, organization_id AS "organizationId", subscription_id AS "subscriptionId", period_start AS "periodStart",
            phase_id AS "phaseId", meter, gateway_id AS "gatewayId", gateway_epoch AS "gatewayEpoch",
            granted_micro AS "grantedMicro"
     FROM money_lease WHERE gateway_id = $1 AND gateway_epoch <= $2 AND settled_at IS NULL
     ORDER BY gateway_epoch, subscription_id, period_start, phase_id, meter, created_at, id LIMIT $3`,
    [gatewayId, lastEpoch, limit],
  );
  return rows.map((row) => ({
    ...row,
    gatewayEpoch: Number(row.gatewayEpoch),
    grantedMicro: BigInt(row.grantedMicro),
  }));
}

/** A phase's meter in a period, which a lease has units of. */
export type MoneyMeter = Pick<MoneyLeaseRow, 'subscriptionId' | 'periodStart' | 'phaseId' | 'meter'>;

/**
 * Of each, in their order: millionths of units that billable requests through this epoch of the gateway have used, as the ledger
 * has them, rounded up; and how many of them the epoch's settled leases cover already.
 */
export async function readBilledUseOfEpoch(
  transaction: Transaction,
  { gatewayId, gatewayEpoch }: Pick<MoneyLeaseRow, 'gatewayId' | 'gatewayEpoch'>,
  meters: readonly MoneyMeter[],
): Promise<{ readonly inLedger: bigint; readonly settled: bigint }[]> {
  const span = await findUsageSpan(transaction, meters);
  const rows = await transaction.query<{ inLedger: string; settled: string }>(
    `SELECT (SELECT ceil(coalesce(sum((quantities ->> lent.meter)::numeric), 0) * 1000000) FROM usage_event AS event
             WHERE gateway_id = $1 AND gateway_epoch = $2 AND event.subscription_id = lent.subscription_id
               AND event.period_start = lent.period_start AND event.phase_id = lent.phase_id AND billable
               AND quantities ? lent.meter AND event.id >= $7 AND event.id < $8) AS "inLedger",
            (SELECT coalesce(sum(used_micro), 0) FROM money_lease AS lease
             WHERE gateway_id = $1 AND gateway_epoch = $2 AND lease.subscription_id = lent.subscription_id
               AND lease.meter = lent.meter AND lease.period_start = lent.period_start AND lease.phase_id = lent.phase_id
               AND settled_at IS NOT NULL) AS settled
     FROM unnest($3::uuid[], $4::timestamptz[], $5::uuid[], $6::text[])
            WITH ORDINALITY AS lent (subscription_id, period_start, phase_id, meter, position)
     ORDER BY position`,
    [
      gatewayId,
      gatewayEpoch,
      meters.map(({ subscriptionId }) => subscriptionId),
      meters.map(({ periodStart }) => periodStart),
      meters.map(({ phaseId }) => phaseId),
      meters.map(({ meter }) => meter),
      span?.from ?? null,
      span?.below ?? null,
    ],
  );
  return rows.map(({ inLedger, settled }) => ({ inLedger: BigInt(inLedger), settled: BigInt(settled) }));
}

/**
 * Counts the billable usage of a period that the ledger has and no lease covers, as a lease that is used up: of the time
 * before there was a cap. More than 9 × 10^12 units count as so many: no cap has room for either.
 */
export async function insertUncoveredUsage(
  transaction: Transaction,
  place: MoneyPlace,
  makeId: () => string,
  at: Date,
): Promise<void> {
  const rows = await transaction.query<{ organizationId: string; phaseId: string; meter: string; micro: string }>(
    `SELECT used.organization_id AS "organizationId", used.phase_id AS "phaseId", used.meter,
            least(ceil(used.quantity * 1000000) - coalesce(covered.micro, 0), 9e18) AS micro
     FROM (SELECT organization_id, phase_id, meter, sum(quantity_sum) AS quantity FROM usage_hour
           WHERE subscription_id = $1 AND period_start = $2 AND billable GROUP BY 1, 2, 3) AS used
     LEFT JOIN (SELECT phase_id, meter, sum(coalesce(used_micro, granted_micro)) AS micro FROM money_lease
                WHERE subscription_id = $1 AND period_start = $2 GROUP BY 1, 2) AS covered USING (phase_id, meter)
     WHERE ceil(used.quantity * 1000000) > coalesce(covered.micro, 0)`,
    [place.subscriptionId, place.periodStart],
  );
  for (const { organizationId, phaseId, meter, micro } of rows) {
    await transaction.query(
      `INSERT INTO money_lease (id, organization_id, subscription_id, period_start, phase_id, meter, granted_micro,
         used_micro, created_at, settled_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8, $8)`,
      [makeId(), organizationId, place.subscriptionId, place.periodStart, phaseId, meter, micro, at],
    );
  }
}

/** Units that were billed of a phase's meter in a period without a lease. */
export interface MoneyUse extends MoneyMeter {
  readonly organizationId: string;
  readonly usedMicro: bigint;
}

/**
 * Counts units that no gateway was lent as leases that are used up, where a cap or prepaid credits bind the subscription; elsewhere
 * a cap that comes later counts what the ledger has. Call it under `lockMoneyOf`, in the transaction that brings them into the ledger.
 */
export async function insertUnlentUse(
  transaction: Transaction,
  uses: readonly MoneyUse[],
  makeId: () => string,
  at: Date,
): Promise<void> {
  await transaction.query(
    `INSERT INTO money_lease (id, organization_id, subscription_id, period_start, phase_id, meter, granted_micro, used_micro,
       created_at, settled_at)
     SELECT used.id, used.organization_id, used.subscription_id, used.period_start, used.phase_id, used.meter,
            least(used.micro, 9e18), least(used.micro, 9e18), $8, $8
     FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::timestamptz[], $5::uuid[], $6::text[], $7::numeric[])
            AS used (id, organization_id, subscription_id, period_start, phase_id, meter, micro)
     JOIN subscription ON subscription.id = used.subscription_id
     JOIN subscription_phase phase ON phase.id = used.phase_id
     JOIN plan_version ON plan_version.id = phase.plan_version_id
     WHERE money_cap_minor IS NOT NULL OR plan_version.definition ->> 'whenCreditsRunOut' = 'stop'`,
    [
      uses.map(makeId),
      uses.map(({ organizationId }) => organizationId),
      uses.map(({ subscriptionId }) => subscriptionId),
      uses.map(({ periodStart }) => periodStart),
      uses.map(({ phaseId }) => phaseId),
      uses.map(({ meter }) => meter),
      uses.map(({ usedMicro }) => usedMicro),
      at,
    ],
  );
}

function lockNameOf({ subscriptionId, periodStart }: MoneyPlace): string {
  return `${subscriptionId} ${periodStart.getTime()}`;
}
