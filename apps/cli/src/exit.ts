/** What the exit code of `tollgate` says; documented in docs/guides/command-line.md. */
export const EXIT = {
  ok: 0,
  /** The command did its work, and the answer is no: verify found a difference, a period is held. */
  negative: 1,
  /** The command line or the settings are wrong. */
  usage: 2,
  /** The request was understood and refused: invalid file, unknown name, conflict. */
  refused: 3,
  /** The database, the queue or the payment provider does not answer. */
  unavailable: 4,
  /** Something that should not happen. */
  failed: 70,
} as const;

/** What the command needs does not answer; the message says what to check. */
export class UnavailableError extends Error {}

/** The command line is wrong; the message says how to write it. */
export class UsageError extends Error {}
