/** Collects a body up to a bound. */
export class AnswerBuffer {
  private chunks: Buffer[] = [];
  private bytes = 0;

  constructor(private readonly maxBytes: number) {}

  get isTooLong(): boolean {
    return this.bytes > this.maxBytes;
  }

  add(chunk: Buffer): void {
    this.bytes += chunk.length;
    if (this.isTooLong) this.chunks = [];
    else this.chunks.push(chunk);
  }

  /** A copy of its own, which holds on to no larger buffer. */
  body(): Buffer {
    return Buffer.concat(this.chunks);
  }
}
