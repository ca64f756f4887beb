/**
 * Answers questions together: those of one turn of the event loop, and those that come while as many calls as may be are
 * on their way. The more is asked, the less one question costs.
 */
export class QuestionsTogether<Question, Answer> {
  private asked: Asked<Question, Answer>[] = [];
  private calls = 0;

  /** `answerAll` answers at most `mostInOneCall` questions in their order; when it rejects, all of them have failed. */
  constructor(
    private readonly answerAll: (questions: readonly Question[]) => Promise<readonly Answer[]>,
    private readonly bounds: { readonly mostInOneCall: number; readonly mostCalls: number },
  ) {}

  ask(question: Question): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (this.asked.push({ question, resolve, reject }) === 1) setImmediate(this.flush);
    });
  }

  private readonly flush = (): void => {
    const { mostInOneCall, mostCalls } = this.bounds;
    while (this.asked.length > 0 && this.calls < mostCalls) void this.call(this.asked.splice(0, mostInOneCall));
  };

  private async call(asked: readonly Asked<Question, Answer>[]): Promise<void> {
    this.calls++;
    try {
      const answers = await this.answerAll(asked.map(({ question }) => question));
      asked.forEach((one, index) => one.resolve(answers[index]!));
    } catch (error) {
      for (const one of asked) one.reject(error);
    } finally {
      this.calls--;
      this.flush();
    }
  }
}

interface Asked<Question, Answer> {
  readonly question: Question;
  resolve(answer: Answer): void;
  reject(error: unknown): void;
}
