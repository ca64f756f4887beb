import { ConflictError, NotFoundError } from '#domain';
import { type EndedLeases, endMoneyLeasesLeftOpen, endQuotaLeasesLeftOpen } from '#limits';
import {
  type Actor,
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
 * taken, and stops.
 * @throws NotFoundError `gateway_not_found`; ConflictError `gateway_running` when it was heard of within a minute.
 */
export function writeOffLeases(
  context: ServiceContext,
  { gatewayId, reason, actor }: WriteOffInput,
): Promise<WrittenOff> {
  return context.unitOfWork.inSystem(async (transaction) => {
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
    const left = { gatewayId, lastEpoch: gateway.epoch };
    const quota = await endQuotaLeasesLeftOpen(transaction, left, at);
    const money = await endMoneyLeasesLeftOpen(transaction, left, at);
    await appendToAuditLog(transaction, {
      id: context.ids.next(),
      organizationId: null,
      actor,
      action: 'wrote off leases of',
      noun: 'gateway',
      nounId: gatewayId,
      details: { quota: textOf(quota), money: textOf(money), ...(reason === null ? {} : { reason }) },
      createdAt: at,
    });
    return { quota, money };
  });
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
