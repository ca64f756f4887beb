import type { RateWindow } from '#limits';
import type { Exchange } from '../exchange.js';
import { type ScopeDefinition, isOneSubject, subjectOf } from './limit-scope.js';

/** Further callers than these share one window, so that made-up values cost no memory. */
const maxSubjects = 10_000;

/** One short window of a plan for one subscription, or whoever shares it; a window for each caller told apart. */
export class RateLimit {
  /** The window of all calls; null when it depends on the call. */
  readonly window: RateWindow | null;
  private readonly subjects = new Map<string, RateWindow>();
  private overflow: RateWindow | null = null;

  constructor(
    readonly name: string,
    private readonly scope: ScopeDefinition,
    /** Makes the empty window of a caller. */
    private readonly makeWindow: (subject: string) => RateWindow,
  ) {
    this.window = isOneSubject(scope) ? makeWindow('') : null;
  }

  windowOf(exchange: Exchange): RateWindow {
    if (this.window) return this.window;
    const subject = subjectOf(this.scope, exchange);
    const window = this.subjects.get(subject);
    if (window) return window;
    if (this.subjects.size >= maxSubjects) return (this.overflow ??= this.makeWindow('*'));
    const made = this.makeWindow(subject);
    this.subjects.set(subject, made);
    return made;
  }

  /** Forgets the callers of whom nothing is counted any more. */
  sweep(nowMs: number): void {
    for (const [subject, window] of this.subjects) if (window.isIdle(nowMs)) this.subjects.delete(subject);
    if (this.overflow?.isIdle(nowMs)) this.overflow = null;
  }
}
