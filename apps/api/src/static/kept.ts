/** How long answers are kept that everybody asks for. */
const KEPT_MS = 2_000;

/** One answer that everybody asks for: it is made no more often than once in two seconds, however many ask. */
export class Kept<Answer> {
  private kept: { readonly untilMs: number; readonly answer: Promise<Answer> } | undefined;

  constructor(private readonly make: () => Promise<Answer>) {}

  /** As of two seconds ago at most; what failed is made anew. */
  read(): Promise<Answer> {
    const nowMs = performance.now();
    if (this.kept === undefined || this.kept.untilMs <= nowMs) {
      const answer = this.make();
      this.kept = { untilMs: nowMs + KEPT_MS, answer };
      answer.catch(() => (this.kept = undefined));
    }
    return this.kept.answer;
  }
}
