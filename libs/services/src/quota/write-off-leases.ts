import { ConflictError, NotFoundError } from '#domain';
import { type EndedLeases, type LeftOpen, endMoneyLeasesLeftOpen, endQuotaLeasesLeftOpen } from '#limits';
import {
  type Actor,
  type AuditEntry,
  type GatewayRow,
  type OpenLeases,
  type Transaction,
  appendToAuditLog,
  beginGatewayEpoch,
  listOpenLeases as readOpenLeases,
  lockGateway,
  writeGatewayHeartbeat,
} from '#persistence';
import type { ServiceContext } from '../context.js';

/** A gateway that was heard of within this time may still spend what it holds. */
const SILENT_MS = 60_000;

export interface WriteOffInput {
  readonly gatewayId: string;
  /** For the audit log. */
  readonly reason: string | null;
  readonly actor: Actor;
}

export interface WrittenOff {
  readonly quota: EndedLeases;
  /** In millionths of units. */
  readonly money: EndedLeases;
}

/** Who holds units of quotas and money caps; for operators. */
export function listOpenLeases(context: ServiceContext): Promise<OpenLeases[]> {
  return context.unitOfWork.inSystem(readOpenLeases);
}

/**
 * Ends the leases of a gateway that never comes back, with what the ledger says was used of them: the rest can be lent
 * again. Its journal counts as lost: periods do not wait for it. Should it live after all, it finds that its name is
 * taken, and stops. Many leases are ended some at a time, each time with a line in the audit log; called again, it goes on where it
 * was broken off.
 * @throws NotFoundError `gateway_not_found`; ConflictError `gateway_running` when it was heard of within a minute.
 */
export async function writeOffLeases(context: ServiceContext, input: WriteOffInput): Promise<WrittenOff> {
  const { gatewayId } = input;
  const { lastEpoch, ...first } = await context.unitOfWork.inSystem(async (transaction) => {
    const at = context.clock.now();
    const gateway = await lockGateway(transaction, gatewayId);
    if (!gateway) throw new NotFoundError('gateway');
    if (gateway.state === 'running' && gateway.heartbeatAt.getTime() > at.getTime() - SILENT_MS) {
      throw new ConflictError(
        'gateway_running',
        'The gateway was heard of within the last minute: stop it, and it gives back what it holds by itself.',
      );
    }
    await fence(transaction, gateway, at);
    const ended = await endSome(transaction, { gatewayId, lastEpoch: gateway.epoch }, at);
    await appendToAuditLog(transaction, auditEntry(context, input, ended));
    return { lastEpoch: gateway.epoch, ...ended };
  });
  let written: WrittenOff = first;
  for (;;) {
    const ended = await context.unitOfWork.inSystem(async (transaction) => {
      // Should the gateway come back meanwhile, it does so in an epoch of its own.
      const some = await endSome(transaction, { gatewayId, lastEpoch }, context.clock.now());
      if (!isNone(some)) await appendToAuditLog(transaction, auditEntry(context, input, some));
      return some;
    });
    if (isNone(ended)) return written;
    written = { quota: sumOf(written.quota, ended.quota), money: sumOf(written.money, ended.money) };
  }
}

async function endSome(transaction: Transaction, left: LeftOpen, at: Date): Promise<WrittenOff> {
  const quota = await endQuotaLeasesLeftOpen(transaction, left, at);
  return { quota, money: await endMoneyLeasesLeftOpen(transaction, left, at) };
}

function isNone({ quota, money }: WrittenOff): boolean {
  return quota.count === 0 && money.count === 0;
}

function auditEntry(
  context: ServiceContext,
  { gatewayId, reason, actor }: WriteOffInput,
  { quota, money }: WrittenOff,
): AuditEntry {
  return {
    id: context.ids.next(),
    organizationId: null,
    actor,
    action: 'wrote off leases of',
    noun: 'gateway',
    nounId: gatewayId,
    details: { quota: textOf(quota), money: textOf(money), ...(reason === null ? {} : { reason }) },
    createdAt: context.clock.now(),
  };
}

function sumOf(one: EndedLeases, other: EndedLeases): EndedLeases {
  return { count: one.count + other.count, granted: one.granted + other.granted, used: one.used + other.used };
}

/** Begins an epoch that nobody runs: heartbeats of the one before are refused from now on. */
async function fence(transaction: Transaction, gateway: GatewayRow, startedAt: Date): Promise<void> {
  const { id, heartbeatAt, admittedThrough } = gateway;
  const epoch = gateway.epoch + 1;
  await beginGatewayEpoch(transaction, { id, epoch, startedAt, admittedThrough });
  await writeGatewayHeartbeat(transaction, {
    id,
    epoch,
    state: 'stopped',
    heartbeatAt,
    // Watermarks only rise: it stays where it is.
    admittedThrough: new Date(0),
    sealedSegment: 0,
    snapshotNumber: 0,
  });
}

function textOf({ count, granted, used }: EndedLeases): Record<string, unknown> {
  return { leases: count, granted: granted.toString(), used: used.toString() };
}
