import { MalformedAnswerError, OversizedAnswerError } from '../translation-fault.js';

/** A flag and the length, before each message (gRPC over HTTP/2, "Length-Prefixed-Message"). */
const PREFIX_BYTES = 5;

/** A message as it goes over the wire, not compressed. */
export function frameOf(message: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(PREFIX_BYTES + message.length);
  frame[0] = 0;
  frame.writeUInt32BE(message.length, 1);
  frame.set(message, PREFIX_BYTES);
  return frame;
}

/** Takes messages out of the bytes of an answer. Holds no more than a message and what has come with its end. */
export class FrameReader {
  private chunks: Buffer[] = [];
  private size = 0;
  /** Of the message that is under way; -1 before its prefix is there. */
  private length = -1;

  constructor(private readonly maxMessageBytes: number) {}

  push(chunk: Buffer): void {
    if (chunk.length === 0) return;
    this.chunks.push(chunk);
    this.size += chunk.length;
  }

  /** True between two messages. */
  get isEmpty(): boolean {
    return this.size === 0 && this.length === -1;
  }

  /**
   * The next message; null when it is not all there.
   * @throws MalformedAnswerError for a flag that was not agreed on; OversizedAnswerError as soon as the prefix says so
   */
  next(): Buffer | null {
    if (this.length === -1) {
      const prefix = this.take(PREFIX_BYTES);
      if (prefix === null) return null;
      // No compression was offered, so that the flag of one is as wrong as any other.
      if (prefix[0] !== 0) throw new MalformedAnswerError(`a gRPC message has the flag ${prefix[0]}`);
      this.length = prefix.readUInt32BE(1);
      if (this.length > this.maxMessageBytes)
        throw new OversizedAnswerError(`a gRPC message has ${this.length} bytes, ${this.maxMessageBytes} may be`);
    }
    const message = this.take(this.length);
    if (message !== null) this.length = -1;
    return message;
  }

  private take(bytes: number): Buffer | null {
    if (this.size < bytes) return null;
    if (bytes === 0) return Buffer.alloc(0);
    if (this.chunks[0]!.length < bytes) this.chunks = [Buffer.concat(this.chunks, this.size)];
    const first = this.chunks[0]!;
    this.size -= bytes;
    if (first.length === bytes) this.chunks.shift();
    else this.chunks[0] = first.subarray(bytes);
    return first.subarray(0, bytes);
  }
}
