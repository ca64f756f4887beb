/** A command of `tollgate`, as the help shows it. */
export interface Command {
  readonly words: readonly string[];
  readonly options: string;
  readonly summary: string;
  /** Runs with the words after the command's own; returns the exit code. */
  run(words: readonly string[]): Promise<number>;
}
