import type { RateWindowStore, UnitsAnswer, UnitsRequest } from './rate-window-store.js';

const retryMs = 250;

/** Waits for a store's answer; null when there is none. */
export type AnswerListener = (answer: UnitsAnswer | null) => void;

export interface StoreGuardOptions {
  readonly store: RateWindowStore;
  /** How long an answer is waited for. */
  readonly timeoutMs: number;
  /** Told when the store goes away, and when it is back. */
  readonly onAway?: (isAway: boolean) => void;
}

/**
 * Keeps a store that does not answer from holding requests up: the first questions wait `timeoutMs`, all others know at
 * once; every quarter of a second one question is a trial.
 */
export class StoreGuard {
  /** True while the store is known not to answer. */
  isAway = false;
  private isOnTrial = false;
  private retryAtMs = 0;

  constructor(private readonly options: StoreGuardOptions) {}

  /** False while it makes no sense to ask: the store is away, and it is not the time for a trial. */
  get canAsk(): boolean {
    return !this.isAway || (!this.isOnTrial && performance.now() >= this.retryAtMs);
  }

  /** Asks the store. The listener is told once, later, and at the latest after the time-out. */
  ask(request: UnitsRequest, listener: AnswerListener): void {
    const { store, timeoutMs } = this.options;
    const isTrial = this.isAway;
    this.isOnTrial ||= isTrial;
    let isTold = false;
    const tell = (answer: UnitsAnswer | null): void => {
      if (isTold) return;
      isTold = true;
      clearTimeout(timer);
      if (isTrial) this.isOnTrial = false;
      this.take(answer !== null);
      listener(answer);
    };
    const timer = setTimeout(() => {
      store.reconnect();
      tell(null);
    }, timeoutMs);
    store.exchange(request).then(tell, () => tell(null));
  }

  private take(hasAnswered: boolean): void {
    if (!hasAnswered) this.retryAtMs = performance.now() + retryMs;
    if (this.isAway !== hasAnswered) return;
    this.isAway = !hasAnswered;
    this.options.onAway?.(this.isAway);
  }
}
