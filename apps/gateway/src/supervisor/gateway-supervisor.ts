import { type ChildProcess, fork } from 'node:child_process';
import cluster from 'node:cluster';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { childEnvironment } from '#config';
import type { Logger } from '#observability';
import { GatewayStartError } from '../gateway-start-error.js';
import type { TcpHandle } from '../server/tcp-handle.js';
import { type HandedConnection, HandedOut } from './handed-out.js';
import { type Member, isServing } from './member.js';
import { type LeaveMessage, isMessage } from './messages.js';
import { type OrphanJournal, findOrphanJournals } from './orphan-journals.js';
import { gatewayIdOfSlot, lowestFreeSlot } from './slots.js';

const firstRetryMs = 50;
const lastRetryMs = 5_000;
/** One that ran for so long is started again at once. */
const steadyMs = 2_000;
/** How often gateways may end before any was ready, until starting is given up. */
const tries = 5;
const readyWithinMs = 60_000;
/** A gateway drains within twelve seconds. */
const forceAfterMs = 13_000;
const lookForOrphansMs = 30_000;

export interface GatewaySupervisorOptions {
  readonly gatewayId: string;
  /** Each gateway has a folder of its own in it. */
  readonly journalFolder: string;
  readonly processes: number;
  readonly log: Logger;
}

/**
 * Runs several gateway processes on one port: it holds the listening socket and hands connections out in turn. One that
 * ends by itself is started again; a reload puts new ones in the place of all, each ready before the old one drains, and
 * going on with its idle connections. Every process has a slot with a name and a journal of its own; journals of slots that are out of use are shipped. When the
 * supervisor is gone, however it went, so are they.
 */
export class GatewaySupervisor {
  private readonly bySlot = new Map<number, Member>();
  private readonly shippers = new Map<string, ChildProcess>();
  private reloading: Promise<void> | null = null;
  private isReloadWanted = false;
  private retryMs = firstRetryMs;
  private failedStarts = 0;
  private handedOn = 0;
  private hasBeenReady = false;
  private isStopping = false;
  private orphanTimer: NodeJS.Timeout | undefined;
  private readonly retryTimers = new Map<number, NodeJS.Timeout>();

  constructor(private readonly options: GatewaySupervisorOptions) {
    cluster.schedulingPolicy = cluster.SCHED_RR;
    fs.mkdirSync(options.journalFolder, { recursive: true, mode: 0o700 });
  }

  get members(): readonly Member[] {
    return [...this.bySlot.values()];
  }

  /**
   * Starts them all; returns when each is ready.
   * @throws GatewayStartError `gateways_do_not_start`
   */
  async start(): Promise<void> {
    for (let slot = 1; slot <= this.options.processes; slot++) this.launch(slot);
    this.shipOrphans();
    const deadline = performance.now() + readyWithinMs;
    while (this.members.length < this.options.processes || this.members.some(({ adminPort }) => adminPort === 0)) {
      if (this.isStopping) return;
      if (performance.now() > deadline || (!this.hasBeenReady && this.failedStarts >= tries)) {
        throw new GatewayStartError('gateways_do_not_start', 'The gateway processes do not start: see what they say.');
      }
      await pause(20);
    }
  }

  /** Puts new processes in the place of all, one after the other; while one reload runs, one more can be asked for. */
  reload(): Promise<void> {
    this.isReloadWanted = true;
    this.reloading ??= this.reloadWhileWanted().finally(() => (this.reloading = null));
    return this.reloading;
  }

  /** Lets all of them drain and end. */
  async stop(): Promise<void> {
    this.isStopping = true;
    clearTimeout(this.orphanTimer);
    for (const timer of this.retryTimers.values()) clearTimeout(timer);
    for (const shipper of this.shippers.values()) shipper.kill('SIGTERM');
    await Promise.all(this.members.map((member) => this.retire(member)));
    await Promise.all([...this.shippers.values()].map((shipper) => ended(shipper)));
  }

  private async reloadWhileWanted(): Promise<void> {
    while (this.isReloadWanted && !this.isStopping) {
      this.isReloadWanted = false;
      for (const old of this.members) {
        if (old.isLeaving || this.isStopping) continue;
        const slot = lowestFreeSlot([...this.bySlot.keys(), ...this.retryTimers.keys()]);
        await this.endShipper(slot);
        const fresh = this.launch(slot);
        if (!(await becomesReady(fresh))) {
          this.options.log.error(
            { gatewayId: fresh.gatewayId },
            'a new gateway did not get ready; the reload ends here',
          );
          await this.retire(fresh);
          return;
        }
        old.successor = fresh;
        await this.retire(old);
      }
      this.options.log.info('reloaded');
      this.shipOrphans();
    }
  }

  /** The gateway that is about to take the slot ships what is left there itself. */
  private async endShipper(slot: number): Promise<void> {
    const shipper = this.shippers.get(this.folderOf(slot));
    if (!shipper) return;
    shipper.kill('SIGKILL');
    await ended(shipper);
  }

  private folderOf(slot: number): string {
    return path.join(this.options.journalFolder, gatewayIdOfSlot(this.options.gatewayId, slot));
  }

  private launch(slot: number): Member {
    const gatewayId = gatewayIdOfSlot(this.options.gatewayId, slot);
    const worker = cluster.fork({
      GATEWAY_ID: gatewayId,
      JOURNAL_DIR: this.folderOf(slot),
      GATEWAY_ADMIN_PORT: '0',
    });
    const startedAt = performance.now();
    const member: Member = {
      slot,
      gatewayId,
      worker,
      handedOut: new HandedOut(worker.process, (connection) => this.handOn(connection)),
      startedAt,
      adminPort: 0,
      isLeaving: false,
      successor: null,
    };
    this.bySlot.set(slot, member);
    worker.on('message', (message: unknown, handle: unknown) => {
      if (!isMessage(message)) return;
      if (message.kind === 'connection') {
        if (handle) this.passOn(member, { handle: handle as TcpHandle, message });
        return;
      }
      if (message.kind !== 'ready') return;
      member.adminPort = message.adminPort;
      this.hasBeenReady = true;
    });
    worker.on('error', (error) => {
      if (!worker.isDead()) this.options.log.error({ err: error, gatewayId }, 'a gateway cannot be reached');
    });
    worker.on('exit', (code, signal) => this.onExit(member, code, signal));
    return member;
  }

  private onExit(member: Member, code: number, signal: string): void {
    const { slot, gatewayId, startedAt, worker } = member;
    this.bySlot.delete(slot);
    // Node waits for answers to what it handed out, and would go on with handing out to a process that is gone.
    worker.disconnect();
    if (this.isStopping || member.isLeaving) return;
    if (member.adminPort === 0) this.failedStarts++;
    if (performance.now() - startedAt > steadyMs) this.retryMs = firstRetryMs;
    this.options.log.error({ gatewayId, code, signal, retryMs: this.retryMs }, 'a gateway ended; starting it again');
    const timer = setTimeout(() => {
      this.retryTimers.delete(slot);
      this.launch(slot);
    }, this.retryMs);
    this.retryTimers.set(slot, timer);
    this.retryMs = Math.min(this.retryMs * 2, lastRetryMs);
  }

  private async retire(member: Member): Promise<void> {
    member.isLeaving = true;
    const { process: child } = member.worker;
    if (child.exitCode !== null || child.signalCode !== null) return;
    if (member.successor) member.worker.send({ kind: 'leave' } satisfies LeaveMessage);
    else child.kill('SIGTERM');
    const force = setTimeout(() => child.kill('SIGKILL'), forceAfterMs);
    await ended(child);
    clearTimeout(force);
  }

  /** To the one in the place of the member that gives it; when there is none, it closes. */
  private passOn({ successor }: Member, connection: HandedConnection): void {
    if (successor && isServing(successor)) successor.handedOut.hand(connection);
    else connection.handle.close();
  }

  /** To any, in turn, as the one that it was handed to died before it came; when there is none, it closes. */
  private handOn(connection: HandedConnection): void {
    const serving = this.members.filter(isServing);
    const member = serving[this.handedOn++ % serving.length];
    this.options.log.warn({ to: member?.gatewayId ?? null }, 'a gateway ended before it had a connection');
    if (member) member.handedOut.hand(connection);
    else connection.handle.close();
  }

  /** Now, and again and again, as a gateway may be killed before its journal is shipped. */
  private readonly shipOrphans = (): void => {
    clearTimeout(this.orphanTimer);
    if (this.isStopping) return;
    const { journalFolder, gatewayId, log } = this.options;
    const used = new Set([...this.bySlot.keys(), ...this.retryTimers.keys()]);
    for (const orphan of findOrphanJournals(journalFolder, gatewayId, used)) {
      if (this.shippers.has(orphan.folder)) continue;
      log.warn({ gatewayId: orphan.gatewayId }, 'shipping the journal of a gateway that does not come back');
      this.ship(orphan);
    }
    this.orphanTimer = setTimeout(this.shipOrphans, lookForOrphansMs);
  };

  private ship({ gatewayId, folder }: OrphanJournal): void {
    const script = path.join(import.meta.dirname, `ship-journal${path.extname(import.meta.filename)}`);
    const shipper = fork(script, { env: childEnvironment({ GATEWAY_ID: gatewayId, JOURNAL_DIR: folder }) });
    this.shippers.set(folder, shipper);
    shipper.on('error', (error) => this.options.log.error({ err: error }, 'a journal cannot be shipped'));
    shipper.on('exit', (code) => {
      this.shippers.delete(folder);
      if (code !== 0 && code !== null && !this.isStopping)
        this.options.log.error({ gatewayId, code }, 'a journal was not shipped; trying again');
    });
  }
}

/** False when it ends, or takes too long. */
async function becomesReady(member: Member): Promise<boolean> {
  const deadline = performance.now() + readyWithinMs;
  while (member.adminPort === 0) {
    if (member.worker.isDead() || performance.now() > deadline) return false;
    await pause(20);
  }
  return true;
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

function pause(forMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, forMs));
}
