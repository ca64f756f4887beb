import type { Clock, RatePolicy, WithoutStore } from '#domain';
import { BlockRounds, roundMs } from './block-rounds.js';
import { LocalWindow } from './local-window.js';
import type { RateRule } from './rate-rule.js';
import type { RateWindow } from './rate-window.js';
import type { RateWindowStore } from './rate-window-store.js';
import { SharedWindow } from './shared-window.js';
import { StoreGuard } from './store-guard.js';

export interface RateWindowsOptions {
  readonly store: RateWindowStore;
  /** How long an answer of the store is waited for. */
  readonly timeoutMs: number;
  readonly clock: Clock;
  /** How many gateways share the windows now. */
  readonly sharers: () => number;
  /** Told when the store goes away, and when it is back. */
  readonly onAway?: (isAway: boolean) => void;
}

/** Makes the windows of one gateway, and returns what is left of blocks that die unspent. */
export class RateWindows {
  private readonly guard: StoreGuard;
  private readonly rounds = new BlockRounds();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly options: RateWindowsOptions) {
    this.guard = new StoreGuard(options);
  }

  /** False while the store does not answer. */
  get isStoreThere(): boolean {
    return !this.guard.isAway;
  }

  /** A window; those that are shared are empty as far as the store does not know better. */
  make(key: string, rule: RateRule, policy: RatePolicy, withoutStore: WithoutStore): RateWindow {
    if (policy === 'local') return new LocalWindow(rule);
    const { guard, options } = this;
    const onBlock = (window: SharedWindow): void => this.rounds.add(window);
    return new SharedWindow({ key, rule, policy, withoutStore, guard, sharers: options.sharers, onBlock });
  }

  start(): void {
    this.timer = setInterval(() => this.rounds.end(this.options.clock.nowMs()), roundMs);
  }

  /** What other gateways do not know to be unspent by now dies with its blocks. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.options.store.close();
  }
}
