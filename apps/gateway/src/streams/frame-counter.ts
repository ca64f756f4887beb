const CLOSE = 8;

/**
 * Counts the messages in one direction of a WebSocket connection (RFC 6455 §5) as their bytes pass, in whatever pieces.
 * It keeps a few numbers and no bytes, and takes any input: what is wrong with a frame is for the two ends to say.
 */
export class FrameCounter {
  /** Messages whose last frame has passed whole; control frames are none. */
  messages = 0;
  /** Payload of data frames; frame heads and control frames are not counted. */
  payloadBytes = 0;
  /** A Close frame has begun to pass. */
  hasClose = false;
  private headPosition = 0;
  private headLength = 2;
  /** Where the bytes of the extended length end. */
  private lengthEnd = 2;
  private isFinal = false;
  private opcode = 0;
  private remaining = 0;

  /** True between two frames. */
  get isAtBoundary(): boolean {
    return this.headPosition === 0;
  }

  count(chunk: Buffer): void {
    for (let at = 0; at < chunk.length;) at = this.advance(chunk, at);
  }

  /** Counts up to the end of the frame that is under way, or of the chunk, and returns how many bytes that were. */
  countToBoundary(chunk: Buffer): number {
    return this.isAtBoundary ? 0 : this.advance(chunk, 0);
  }

  /** Reads from `at` to the end of the frame or of the chunk, whichever comes first; returns where that is. */
  private advance(chunk: Buffer, at: number): number {
    while (this.headPosition < this.headLength && at < chunk.length) this.takeHead(chunk[at++]!);
    if (this.headPosition < this.headLength) return at;
    const taken = Math.min(this.remaining, chunk.length - at);
    this.remaining -= taken;
    if (this.opcode < CLOSE) this.payloadBytes += taken;
    if (this.remaining > 0) return at + taken;
    if (this.isFinal && this.opcode < CLOSE) this.messages++;
    this.headPosition = 0;
    this.headLength = 2;
    return at + taken;
  }

  private takeHead(byte: number): void {
    const position = this.headPosition++;
    if (position === 0) {
      this.isFinal = (byte & 0x80) !== 0;
      this.opcode = byte & 0x0f;
      if (this.opcode === CLOSE) this.hasClose = true;
      return;
    }
    if (position === 1) {
      const length = byte & 0x7f;
      const lengthBytes = length === 127 ? 8 : length === 126 ? 2 : 0;
      this.remaining = lengthBytes === 0 ? length : 0;
      this.headLength = 2 + lengthBytes + ((byte & 0x80) === 0 ? 0 : 4);
      this.lengthEnd = 2 + lengthBytes;
      return;
    }
    if (position < this.lengthEnd) this.remaining = this.remaining * 256 + byte;
  }
}
