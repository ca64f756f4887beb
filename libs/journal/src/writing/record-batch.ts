import type { UsageEvent } from '#domain';
import { eventText } from '../format/event-text.js';
import { RECORD_HEAD_BYTES, recordChecksum } from '../format/segment-format.js';

const initialBytes = 64 * 1024;

/** Records that will be written together. The buffer is used again and grows to the largest batch. */
export class RecordBatch {
  eventCount = 0;
  private buffer = Buffer.allocUnsafeSlow(initialBytes);
  private view = viewOf(this.buffer);
  private length = 0;

  add(event: UsageEvent): void {
    const json = eventText(event);
    this.reserve(RECORD_HEAD_BYTES + json.length * 3);
    const start = this.length + RECORD_HEAD_BYTES;
    const payloadLength = this.buffer.write(json, start, 'utf8');
    const end = start + payloadLength;
    this.view.setUint32(this.length, payloadLength, true);
    this.view.setUint32(this.length + 4, recordChecksum(this.buffer.subarray(start, end)), true);
    this.length = end;
    this.eventCount++;
  }

  /** The records as bytes; valid until the next `add`. */
  bytes(): Buffer {
    return this.buffer.subarray(0, this.length);
  }

  clear(): void {
    this.length = 0;
    this.eventCount = 0;
  }

  /** A UTF-16 unit takes at most three bytes of UTF-8. */
  private reserve(bytes: number): void {
    if (this.length + bytes <= this.buffer.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(this.buffer.length * 2, this.length + bytes));
    this.buffer.copy(larger, 0, 0, this.length);
    this.buffer = larger;
    this.view = viewOf(larger);
  }
}

function viewOf(buffer: Buffer): DataView {
  return new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}
