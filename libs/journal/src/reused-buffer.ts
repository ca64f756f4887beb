/** Larger ones are not kept: a segment is about 1 MiB. */
const maxKeptBytes = 8 * 1024 * 1024;

/**
 * Memory for bytes that are needed again and again, one at a time. What is allocated anew each second for a whole segment makes V8
 * collect the whole heap each second, as memory outside of it counts too.
 */
export class ReusedBuffer {
  private memory: Buffer = Buffer.alloc(0);

  /** So many bytes of any content; they are the caller's until the next call. */
  readonly take = (length: number): Buffer => {
    if (length > maxKeptBytes) return Buffer.allocUnsafeSlow(length);
    if (length > this.memory.length) this.memory = Buffer.allocUnsafeSlow(Math.min(maxKeptBytes, length * 2));
    return this.memory.subarray(0, length);
  };
}
