/** Asked before a data frame begins to pass: true takes what it counts out of what is reserved. */
export type MayPass = (payloadBytes: number, messages: number) => boolean;

const CONTROL = 8;
const nothing = Buffer.alloc(0);

/**
 * Lets the frames of one direction of a WebSocket connection pass as long as they are paid for: whole ones, so that a
 * Close frame can follow. Control frames are free. What may not pass yet is kept, and is never more than what came.
 */
export class FrameGate {
  /** A whole head is there whose frame may not pass. */
  isBlocked = false;
  private held: Buffer = nothing;
  /** Of the frame that is under way. */
  private left = 0;

  constructor(private readonly mayPass: MayPass) {}

  /** The bytes that may pass, of those kept and these. */
  take(chunk: Buffer = nothing): Buffer {
    const bytes = this.held.length === 0 ? chunk : Buffer.concat([this.held, chunk]);
    const end = this.admit(bytes);
    this.held = bytes.subarray(end);
    return bytes.subarray(0, end);
  }

  private admit(bytes: Buffer): number {
    this.isBlocked = false;
    for (let at = 0; ;) {
      const part = Math.min(this.left, bytes.length - at);
      at += part;
      this.left -= part;
      if (this.left > 0 || at === bytes.length) return at;
      const head = readHead(bytes, at);
      if (head === null) return at;
      if (head.isData && !this.mayPass(head.payloadBytes, head.isFinal ? 1 : 0)) {
        this.isBlocked = true;
        return at;
      }
      this.left = head.bytes + head.payloadBytes;
    }
  }
}

interface FrameHead {
  readonly bytes: number;
  readonly payloadBytes: number;
  readonly isFinal: boolean;
  readonly isData: boolean;
}

/** The head of a frame (RFC 6455 §5.2); null while it is not all there. */
function readHead(bytes: Buffer, at: number): FrameHead | null {
  if (bytes.length < at + 2) return null;
  const [first, second] = [bytes[at]!, bytes[at + 1]!];
  const short = second & 0x7f;
  const lengthBytes = short === 127 ? 8 : short === 126 ? 2 : 0;
  const headBytes = 2 + lengthBytes + ((second & 0x80) === 0 ? 0 : 4);
  if (bytes.length < at + headBytes) return null;
  const payloadBytes =
    lengthBytes === 8 ? Number(bytes.readBigUInt64BE(at + 2)) : lengthBytes === 2 ? bytes.readUInt16BE(at + 2) : short;
  return { bytes: headBytes, payloadBytes, isFinal: (first & 0x80) !== 0, isData: (first & 0x0f) < CONTROL };
}
