import type { EncryptionKey } from '#domain';
import type { LeftoverSegment } from '#journal';
import type { ReservedUnits } from '#limits';
import type { GatewayCore } from '../gateway-core.js';
import { DecisionBook } from './decision-book.js';
import { DecisionDoors } from './decision-doors.js';
import { type DecisionOptions, noDecisions } from './decision-options.js';
import { DecisionLog } from './log/decision-log.js';
import { type PublishReports, ReportRelay } from './reports/report-relay.js';
import { restoreDecisions } from './restore-decisions.js';
import { Tickets } from './ticket.js';

export interface DecisionsOptions {
  /** Null or absent: no other proxy asks. */
  readonly options: DecisionOptions | null | undefined;
  /** Of the journal. */
  readonly folder: string;
  readonly epoch: number;
  /** Segments of earlier starts that are still in it. */
  readonly leftovers: readonly LeftoverSegment[];
  readonly encryptionKeys: readonly EncryptionKey[];
  readonly publish: PublishReports;
}

/** All of the gateway that decides and meters calls which another proxy passes on. */
export class Decisions {
  readonly book: DecisionBook;
  readonly doors: DecisionDoors;
  /** What calls have taken from quotas and caps that earlier epochs have admitted and not recorded. */
  reservedBefore: readonly ReservedUnits[] = [];
  private readonly log: DecisionLog;
  private readonly relay: ReportRelay;

  constructor(
    private readonly gateway: GatewayCore,
    private readonly parts: DecisionsOptions,
  ) {
    const { folder, epoch, encryptionKeys, publish } = parts;
    const { log } = gateway;
    this.log = new DecisionLog(folder, epoch, (error) => log.error({ err: error }, 'the record of admitted calls'));
    this.relay = new ReportRelay(publish, (reports, error) => {
      this.book.counts.lost += reports;
      log.warn({ reports, err: error }, 'reports about calls of other gateways were not passed on');
    });
    const options = parts.options ?? noDecisions;
    this.book = new DecisionBook(gateway, options, epoch, this.log, this.relay, new Tickets(encryptionKeys));
    this.doors = new DecisionDoors(gateway, this.book);
  }

  get areOn(): boolean {
    return this.parts.options !== null && this.parts.options !== undefined;
  }

  /** Takes over what earlier starts have left, before anything is admitted; where no proxy asks any more, nobody will report it. */
  async restore(): Promise<void> {
    const restored = await restoreDecisions(this.gateway, this.book, this.parts.folder, this.parts.leftovers);
    this.reservedBefore = restored.flatMap((decision) => decision.reserved);
    if (this.areOn || restored.length === 0) return;
    this.book.settleAll();
    this.book.start();
  }

  /** @throws GatewayStartError `port_unavailable` */
  async open(): Promise<void> {
    if (!this.areOn) return;
    await this.doors.open();
    this.book.start();
  }

  /** Ends what is open, as nobody can report to this gateway any more; before the journal is closed. */
  async end(): Promise<void> {
    this.doors.close();
    this.relay.flush();
    this.book.settleAll();
    // The journal writes at the end of the turn, and tells of it then.
    await new Promise(setImmediate);
    await new Promise(setImmediate);
  }

  /** The journal is closed: whatever it has not taken is found at the next start. */
  close(): void {
    this.log.close();
  }
}
