import os from 'node:os';
import { processReport } from '#config';
import type { Logger } from '#observability';
import { type ProcessSelf, type ServiceContext, forgetProcess, reportProcess } from '#services';
import type { ApiSettings } from '../tokens.js';

const INTERVAL_MS = 5_000;

/** Says every five seconds that this control plane runs, and at first with which settings, for operators. */
export class ProcessHeartbeat {
  private self: ProcessSelf | null = null;
  private timer: NodeJS.Timeout | undefined;
  private beating: Promise<void> = Promise.resolve();
  private isFirst = true;
  private isStopped = false;

  constructor(
    private readonly context: ServiceContext,
    private readonly settings: ApiSettings,
    private readonly logger: Logger,
  ) {}

  start(): void {
    const name = `${os.hostname()}-${process.pid}`;
    const startedAt = this.context.clock.now();
    this.self = { kind: 'api', name, startedAt, ...processReport('api', this.settings) };
    this.beat(this.self);
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    clearTimeout(this.timer);
    await this.beating;
    // One that stops because the database is away is forgotten by others later.
    if (this.self) await forgetProcess(this.context, this.self).catch(() => undefined);
  }

  private beat(self: ProcessSelf): void {
    this.beating = reportProcess(this.context, self, { isFirst: this.isFirst }).then(
      () => {
        this.isFirst = false;
      },
      (err: unknown) => this.logger.warn({ err }, 'the heartbeat could not be written'),
    );
    void this.beating.then(() => {
      if (!this.isStopped) this.timer = setTimeout(() => this.beat(self), INTERVAL_MS);
    });
  }
}
