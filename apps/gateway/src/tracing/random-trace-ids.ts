import { randomFillSync } from 'node:crypto';
import type { TraceIds } from './trace-context.js';

const poolBytes = 8_192;

/** Ids from a pool of random bytes that is filled again when it is used up. */
export class RandomTraceIds implements TraceIds {
  private readonly pool = Buffer.allocUnsafeSlow(poolBytes);
  private offset = poolBytes;

  traceId(): string {
    return this.take(16);
  }

  spanId(): string {
    return this.take(8);
  }

  private take(bytes: number): string {
    if (this.offset + bytes > poolBytes) {
      randomFillSync(this.pool);
      this.offset = 0;
    }
    const end = this.offset + bytes;
    const id = this.pool.toString('hex', this.offset, end);
    this.offset = end;
    // An id of zeros means that there is none. It comes once in 2^64.
    return /[^0]/.test(id) ? id : this.take(bytes);
  }
}
