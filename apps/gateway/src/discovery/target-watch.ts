import type { Logger } from '#observability';
import { DiscoveryError, type Finding, type FoundTarget } from './found-target.js';

export interface TargetWatchOptions {
  /** As logs and metrics have it. */
  readonly name: string;
  /** Null when nothing has changed since the last answer. */
  readonly ask: () => Promise<Finding | null>;
  readonly minRefreshMs: number;
  readonly maxRefreshMs: number;
  /** Told when there are other targets than before. */
  readonly onChange: () => void;
  readonly log: Logger;
  /** Between 0 and 1. */
  readonly random: () => number;
}

/**
 * Keeps the targets of one source: asks again as long as its answers hold, within bounds. When it fails, or its answer is empty, what was
 * known stays, for as long as that lasts: a name server that is away takes no API away.
 */
export class TargetWatch {
  /** Those of the last good answer; empty until the first. */
  targets: readonly FoundTarget[] = [];
  /** Another number for other targets. */
  revision = 0;
  failures = 0;
  /** Why the latest answer was of no use; null while they are good. */
  fault: string | null = null;
  private failedInARow = 0;
  private remarks = '';
  private timer: NodeJS.Timeout | undefined;
  private isRunning = false;
  private readonly first = Promise.withResolvers<void>();

  constructor(private readonly options: TargetWatchOptions) {}

  get name(): string {
    return this.options.name;
  }

  /** When the source has answered once, or has failed to. */
  get asked(): Promise<void> {
    return this.first.promise;
  }

  start(): void {
    if (this.isRunning) return;
    this.isRunning = true;
    void this.round();
  }

  stop(): void {
    this.isRunning = false;
    clearTimeout(this.timer);
    this.first.resolve();
  }

  private async round(): Promise<void> {
    const waitMs = await this.askOnce();
    this.first.resolve();
    if (this.isRunning) this.timer = setTimeout(() => void this.round(), waitMs).unref();
  }

  /** Milliseconds until it is asked again. */
  private async askOnce(): Promise<number> {
    const { ask, minRefreshMs } = this.options;
    try {
      const finding = await ask();
      if (!this.isRunning) return 0;
      if (finding !== null) this.take(finding);
      this.recover();
      return this.waitMs(finding?.validForMs ?? minRefreshMs);
    } catch (error) {
      if (!this.isRunning) return 0;
      this.fail(error as Error);
      return this.waitMs(minRefreshMs * 2 ** Math.min(10, this.failedInARow - 1));
    }
  }

  /** A tenth sooner at most, so that not all gateways ask at once, and within the bounds. */
  private waitMs(wantedMs: number): number {
    const { minRefreshMs, maxRefreshMs, random } = this.options;
    return Math.max(minRefreshMs, Math.min(maxRefreshMs, wantedMs) * (1 - random() / 10));
  }

  private take({ targets, remarks }: Finding): void {
    const { log, name, onChange } = this.options;
    const told = remarks.join('; ');
    if (told !== '' && told !== this.remarks) log.warn({ source: name, remarks }, 'targets are left out');
    this.remarks = told;
    if (JSON.stringify(targets) === JSON.stringify(this.targets)) return;
    log.info({ source: name, before: this.targets.length, targets: targets.length }, 'an upstream has other targets');
    this.targets = targets;
    this.revision++;
    onChange();
  }

  private recover(): void {
    this.failedInARow = 0;
    if (this.fault === null) return;
    this.fault = null;
    this.options.log.info({ source: this.name }, 'the targets of an upstream are known again');
  }

  private fail(error: Error): void {
    const { log, name } = this.options;
    this.failures++;
    this.failedInARow++;
    const isNew = this.fault !== error.message;
    this.fault = error.message;
    if (!isNew) return;
    const details = error instanceof DiscoveryError ? { reason: error.message } : { err: error };
    log.error(
      { source: name, targets: this.targets.length, ...details },
      this.targets.length === 0
        ? 'the targets of an upstream are not found: its calls are refused'
        : 'the targets of an upstream are not found: those known last stay',
    );
  }
}
