import type { ProcessReport } from '#config';
import { type UnitOfWork, deleteProcess, writeProcess } from '#persistence';
import type { SteadyClock } from '../steady-clock.js';

/** What operators see of the gateway's process: its version, and with which settings it runs. */
export class OwnProcess {
  private startedAt: Date | null = null;
  private isWritten = false;

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly gatewayId: string,
    private readonly said: ProcessReport,
    private readonly clock: SteadyClock,
  ) {}

  /** Writes down that it runs; with its settings at the first time, or when they were forgotten meanwhile. */
  async report(): Promise<void> {
    const heartbeatAt = this.clock.now();
    this.startedAt ??= heartbeatAt;
    const row = {
      kind: 'gateway',
      name: this.gatewayId,
      startedAt: this.startedAt,
      heartbeatAt,
      ...this.said,
    } as const;
    const first = { isFirst: !this.isWritten };
    await this.unitOfWork.inSystem((transaction) => writeProcess(transaction, row, first));
    this.isWritten = true;
  }

  /** Writes down that it has stopped, as it should. */
  async forget(): Promise<void> {
    const { startedAt } = this;
    if (startedAt === null) return;
    const row = { kind: 'gateway', name: this.gatewayId, startedAt } as const;
    await this.unitOfWork.inSystem((transaction) => deleteProcess(transaction, row));
  }
}
