import type { Traffic } from '../metering/usage-event.js';
import { FrameGate } from './frame-gate.js';
import type { StreamMeter } from './stream-meter.js';

/** What both directions of a WebSocket connection may still count, by what is reserved for it. */
export class FrameAllowance {
  readonly up = new FrameGate((bytes, messages) => this.begin('in', bytes, messages));
  readonly down = new FrameGate((bytes, messages) => this.begin('out', bytes, messages));
  /** Since the beginning, of all frames that have begun to pass. */
  private readonly begun: { in: number; out: number; messages: number };
  private limits = { in: Infinity, out: Infinity, messages: Infinity };

  constructor(
    private readonly meter: StreamMeter,
    /** What has passed before anything had to be paid for. */
    { bytesIn, bytesOut, messages = 0 }: Traffic,
  ) {
    this.begun = { in: bytesIn, out: bytesOut, messages };
  }

  get isBlocked(): boolean {
    return this.up.isBlocked || this.down.isBlocked;
  }

  /** Looks again at what is reserved. */
  read(): void {
    const { meter } = this;
    this.limits = {
      in: meter.limitOf('request_bytes'),
      out: meter.limitOf('response_bytes'),
      messages: meter.limitOf('messages'),
    };
  }

  /** The rest of a frame has passed by no gate. */
  count(gate: FrameGate, bytes: number, messages: number): void {
    this.begun[gate === this.up ? 'in' : 'out'] += bytes;
    this.begun.messages += messages;
  }

  private begin(direction: 'in' | 'out', bytes: number, messages: number): boolean {
    const { begun, limits } = this;
    if (begun[direction] + bytes > limits[direction] || begun.messages + messages > limits.messages) return false;
    begun[direction] += bytes;
    begun.messages += messages;
    return true;
  }
}
