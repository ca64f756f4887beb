/** An archived day cannot be read as it was written; `message` says of which, and what to do. */
export class ArchiveReadError extends Error {
  constructor(
    readonly fault: 'missing' | 'altered' | 'unreachable',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'ArchiveReadError';
  }
}
