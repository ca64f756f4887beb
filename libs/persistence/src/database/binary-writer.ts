import { writeUuid } from '#domain';

/** 2000-01-01, from which Postgres counts. */
const POSTGRES_EPOCH_MS = 946_684_800_000;
/** Beyond these milliseconds, their microseconds are no exact number of JavaScript. */
const EXACT_MS = Number.MAX_SAFE_INTEGER / 1_000;
const SHORT_TEXT = 32;

/** The types of which values can be written, with their numbers in Postgres' catalogue. */
export const TYPE_OIDS = {
  boolean: 16,
  bigint: 20,
  smallint: 21,
  integer: 23,
  text: 25,
  timestamptz: 1184,
  uuid: 2950,
};

/**
 * Writes values the way Postgres' binary formats have them, each after its length in bytes: neither side has to print or
 * parse them. Callers write what they have checked already.
 */
export class BinaryWriter {
  private buffer: Buffer;
  private end = 0;

  constructor(private readonly size = 1_024) {
    this.buffer = Buffer.allocUnsafe(size);
  }

  /** How many bytes it holds. */
  get length(): number {
    return this.end;
  }

  /** All that was written since the last time; the writer begins anew. */
  take(): Buffer {
    const taken = this.buffer.subarray(0, this.end);
    this.buffer = Buffer.allocUnsafe(this.size);
    this.end = 0;
    return taken;
  }

  /** Bytes as they are, without a length. */
  raw(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.buffer.set(bytes, this.end);
    this.end += bytes.length;
  }

  /** Two bytes without a length. */
  rawInt16(value: number): void {
    this.reserve(2);
    this.buffer[this.end++] = value >> 8;
    this.buffer[this.end++] = value;
  }

  /** Four bytes without a length, as a length itself is written. */
  rawInt32(value: number): void {
    this.reserve(4);
    this.putInt32(value);
  }

  null(): void {
    this.rawInt32(-1);
  }

  boolean(value: boolean): void {
    this.reserve(5);
    this.putInt32(1);
    this.buffer[this.end++] = value ? 1 : 0;
  }

  smallint(value: number): void {
    this.rawInt32(2);
    this.rawInt16(value);
  }

  integer(value: number): void {
    this.reserve(8);
    this.putInt32(4);
    this.putInt32(value);
  }

  /** A safe integer. */
  bigint(value: number): void {
    this.reserve(12);
    this.putInt32(8);
    this.putInt32(Math.floor(value / 2 ** 32));
    this.putInt32(value);
  }

  /** An instant in whole milliseconds. */
  timestamptz(ms: number): void {
    const sinceEpochMs = ms - POSTGRES_EPOCH_MS;
    if (Math.abs(sinceEpochMs) <= EXACT_MS) return this.bigint(sinceEpochMs * 1_000);
    this.reserve(12);
    this.putInt32(8);
    this.buffer.writeBigInt64BE(BigInt(sinceEpochMs) * 1_000n, this.end);
    this.end += 8;
  }

  /** A UUID in lower-case canonical form. */
  uuid(text: string): void {
    this.reserve(20);
    this.putInt32(16);
    writeUuid(this.buffer, this.end, text);
    this.end += 16;
  }

  text(text: string): void {
    // Three bytes at most for each UTF-16 unit.
    this.reserve(4 + 3 * text.length);
    const start = this.end;
    this.end += 4;
    this.putText(text);
    this.putLength(start);
  }

  /** JSON text, of type jsonb. */
  jsonb(text: string): void {
    this.reserve(5 + 3 * text.length);
    const start = this.end;
    this.end += 4;
    // The version of the format.
    this.buffer[this.end++] = 1;
    this.putText(text);
    this.putLength(start);
  }

  private putText(text: string): void {
    const { buffer, end } = this;
    // For a few ASCII characters, calling the encoder costs more than they do.
    let at = 0;
    if (text.length <= SHORT_TEXT) {
      for (; at < text.length; at++) {
        const unit = text.charCodeAt(at);
        if (unit > 0x7f) break;
        buffer[end + at] = unit;
      }
    }
    this.end += at === text.length ? at : buffer.write(text, end, 'utf8');
  }

  private putLength(start: number): void {
    const { end } = this;
    this.end = start;
    this.putInt32(end - start - 4);
    this.end = end;
  }

  /** The lowest 32 bits, most significant byte first. */
  private putInt32(value: number): void {
    const { buffer } = this;
    buffer[this.end++] = value >>> 24;
    buffer[this.end++] = value >>> 16;
    buffer[this.end++] = value >>> 8;
    buffer[this.end++] = value;
  }

  private reserve(bytes: number): void {
    if (this.end + bytes <= this.buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(2 * this.buffer.length, this.end + bytes));
    larger.set(this.buffer.subarray(0, this.end));
    this.buffer = larger;
  }
}

/**
 * A parameter that is an array of this type, whose values are as `BinaryWriter` takes them or null. As a Buffer `pg` sends it
 * the way it is; where the statement has it, a cast must name the array's type.
 */
export function binaryArray(type: keyof typeof TYPE_OIDS, values: readonly unknown[]): Buffer {
  const writer = new BinaryWriter(32 + 24 * values.length);
  writer.rawInt32(values.length === 0 ? 0 : 1);
  writer.rawInt32(1);
  writer.rawInt32(TYPE_OIDS[type]);
  if (values.length > 0) {
    writer.rawInt32(values.length);
    writer.rawInt32(1);
  }
  for (const value of values) {
    if (value === null) writer.null();
    else (writer[type] as (value: unknown) => void).call(writer, value);
  }
  return writer.take();
}
