import { softwareVersion } from '#config';
import { TollgateError, type UsageEvent } from '#domain';
import {
  type UnitOfWork,
  beginGatewayEpoch,
  countRunningGateways,
  listOpenStreams,
  lockGateway,
  readLastLedgerEpoch,
  writeGatewayHeartbeat,
} from '#persistence';
import { interruptedRow } from './interrupted-stream.js';
import type { SteadyClock } from '../steady-clock.js';

/** A gateway that was silent for longer does not run any more. */
const heartbeatMaxAgeMs = 10_000;

export class GatewayIdTakenError extends TollgateError {
  constructor(gatewayId: string) {
    super(
      'gateway_id_taken',
      `Another gateway runs as "${gatewayId}" with another journal. Give each gateway a GATEWAY_ID and a JOURNAL_DIR of its own.`,
    );
  }
}

export interface Heartbeat {
  readonly state: 'running' | 'stopped';
  /** Null while usage of earlier epochs is not in the ledger: the watermark then stays where it is. */
  readonly admittedThroughMs: number | null;
  readonly sealedSegment: number;
  readonly snapshotNumber: number;
}

/** The gateway's own row in the database. */
export class GatewayRegistration {
  private hasBegun = false;

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly gatewayId: string,
    private readonly clock: SteadyClock,
  ) {}

  /**
   * The number for a new epoch: above all that the database knows of this gateway, and above that of its folder.
   * @throws GatewayIdTakenError when a gateway with another folder is heard of under the same id.
   */
  nextEpoch(lastEpochOfFolder: number): Promise<number> {
    return this.unitOfWork.inSystem(async (transaction) => {
      const row = await lockGateway(transaction, this.gatewayId);
      const isHeard = row !== null && this.clock.nowMs() - row.heartbeatAt.getTime() < heartbeatMaxAgeMs;
      if (isHeard && row.state === 'running' && row.epoch > lastEpochOfFolder)
        throw new GatewayIdTakenError(this.gatewayId);
      if (row) this.clock.raiseTo(row.admittedThrough.getTime());
      const lastInLedger = await readLastLedgerEpoch(transaction, this.gatewayId);
      return Math.max(lastEpochOfFolder, lastInLedger, row?.epoch ?? 0) + 1;
    });
  }

  /** The ends of the streams that earlier epochs left open, once the ledger has all that these wrote. */
  async endsOfOpenStreams(lastEpoch: number): Promise<UsageEvent[]> {
    const open = await this.unitOfWork.inSystem((transaction) =>
      listOpenStreams(transaction, this.gatewayId, lastEpoch),
    );
    return open.map(interruptedRow);
  }

  /**
   * Tells the database of the epoch, once, and of how far it is. Resolves to how many gateways run, this one included.
   * `firstWatermarkMs` is for a gateway that has no row yet.
   * @throws GatewayIdTakenError when another epoch of the gateway has begun meanwhile.
   */
  async beat(epoch: number, heartbeat: Heartbeat, firstWatermarkMs: number): Promise<number> {
    const { gatewayId, clock } = this;
    const running = await this.unitOfWork.inSystem(async (transaction) => {
      const now = clock.now();
      if (!this.hasBegun) {
        const admittedThrough = new Date(firstWatermarkMs);
        const begin = { id: gatewayId, epoch, startedAt: now, admittedThrough, softwareVersion: softwareVersion() };
        if (!(await beginGatewayEpoch(transaction, begin))) return null;
      }
      const isWritten = await writeGatewayHeartbeat(transaction, {
        ...heartbeat,
        id: gatewayId,
        epoch,
        heartbeatAt: now,
        admittedThrough: new Date(heartbeat.admittedThroughMs ?? 0),
      });
      if (!isWritten) return null;
      return countRunningGateways(transaction, new Date(now.getTime() - heartbeatMaxAgeMs));
    });
    if (running === null) throw new GatewayIdTakenError(gatewayId);
    this.hasBegun = true;
    return Math.max(1, running);
  }
}
