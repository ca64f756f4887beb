import type { ExchangeListener, RateWindowStore, UnitsAnswer, UnitsRequest } from './rate-window-store.js';

const retryMs = 250;

/** Waits for a store's answer; null when there is none. */
export type AnswerListener = (answer: UnitsAnswer | null) => void;

class Question implements ExchangeListener {
  constructor(
    private readonly guard: StoreGuard,
    /** Null when it was told. */
    public listener: AnswerListener | null,
    readonly isTrial: boolean,
    /** By the monotonic clock: until when an answer is waited for. */
    readonly untilMs: number,
  ) {}

  onExchanged(answer: UnitsAnswer): void {
    this.guard.tell(this, answer);
  }

  onExchangeFailed(): void {
    this.guard.tell(this, null);
  }
}

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
  /** In the order in which they were asked, from the first that waits. */
  private readonly questions: Question[] = [];
  private timer: NodeJS.Timeout | null = null;

  constructor(private readonly options: StoreGuardOptions) {}

  /** False while it makes no sense to ask: the store is away, and it is not the time for a trial. */
  get canAsk(): boolean {
    return !this.isAway || (!this.isOnTrial && performance.now() >= this.retryAtMs);
  }

  /** Asks the store. The listener is told once, later, and at the latest after the time-out. */
  ask(request: UnitsRequest, listener: AnswerListener): void {
    const { store, timeoutMs } = this.options;
    const question = new Question(this, listener, this.isAway, performance.now() + timeoutMs);
    this.isOnTrial ||= question.isTrial;
    this.questions.push(question);
    this.timer ??= setTimeout(this.endOverdue, timeoutMs);
    store.exchange(request, question);
  }

  /** What has become of a question; what comes of it later is nobody's. */
  tell(question: Question, answer: UnitsAnswer | null): void {
    const { listener, isTrial } = question;
    if (listener === null) return;
    question.listener = null;
    while (this.questions.length > 0 && this.questions[0]!.listener === null) this.questions.shift();
    if (isTrial) this.isOnTrial = false;
    this.take(answer !== null);
    listener(answer);
  }

  /** One timer for all: a timer for each question would cost more than the question. */
  private readonly endOverdue = (): void => {
    this.timer = null;
    const nowMs = performance.now();
    const overdue = this.questions.filter(({ listener, untilMs }) => listener !== null && untilMs <= nowMs);
    if (overdue.length > 0) this.options.store.reconnect();
    for (const question of overdue) this.tell(question, null);
    const next = this.questions[0];
    if (next) this.timer ??= setTimeout(this.endOverdue, Math.max(1, next.untilMs - performance.now()));
  };

  private take(hasAnswered: boolean): void {
    if (!hasAnswered) this.retryAtMs = performance.now() + retryMs;
    if (this.isAway !== hasAnswered) return;
    this.isAway = !hasAnswered;
    this.options.onAway?.(this.isAway);
  }
}
