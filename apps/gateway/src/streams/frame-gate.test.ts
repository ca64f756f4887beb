import { describe, expect, it } from 'vitest';
import { FrameGate } from './frame-gate.js';

const frame = (text: string, opcode = 0x81) => Buffer.concat([Buffer.from([opcode, text.length]), Buffer.from(text)]);

/** A gate that lets so many bytes and messages begin. */
function gateOf(bytes: number, messages = Infinity) {
  const left = { bytes, messages };
  const gate = new FrameGate((payload, count) => {
    if (payload > left.bytes || count > left.messages) return false;
    left.bytes -= payload;
    left.messages -= count;
    return true;
  });
  return { gate, left };
}

describe('a gate for frames', () => {
  it('lets whole frames pass as long as they are paid for, and keeps the rest until there is more', () => {
    const { gate, left } = gateOf(5);
    const both = Buffer.concat([frame('abc'), frame('def')]);
    expect(gate.take(both)).toEqual(frame('abc'));
    expect(gate.isBlocked).toBe(true);
    expect(gate.take()).toHaveLength(0);
    left.bytes = 3;
    expect(gate.take()).toEqual(frame('def'));
    expect(gate.isBlocked).toBe(false);
  });

  it('finds the same frames in whatever pieces they come', () => {
    const long = Buffer.concat([Buffer.from([0x82, 126, 1, 0]), Buffer.alloc(256, 7)]);
    const masked = Buffer.concat([Buffer.from([0x01, 0x83, 0, 0, 0, 0]), Buffer.from('abc')]);
    const last = frame('de', 0x80);
    const all = Buffer.concat([long, masked, frame('x', 0x89), last]);
    for (const size of [1, 2, 3, 5, 64, 1_000]) {
      const { gate, left } = gateOf(1_000, 10);
      const passed: Buffer[] = [];
      for (let at = 0; at < all.length; at += size) passed.push(gate.take(all.subarray(at, at + size)));
      expect(Buffer.concat(passed)).toEqual(all);
      expect(left).toEqual({ bytes: 1_000 - 256 - 3 - 2, messages: 8 });
    }
  });

  it('lets control frames pass for nothing', () => {
    const { gate } = gateOf(0, 0);
    expect(gate.take(frame('ping', 0x89))).toEqual(frame('ping', 0x89));
    expect(gate.take(frame('', 0x88))).toEqual(frame('', 0x88));
  });

  it('does not begin a frame that claims to be endless', () => {
    const { gate } = gateOf(1e12);
    const head = Buffer.from([0x82, 127, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]);
    expect(gate.take(head)).toHaveLength(0);
    expect(gate.isBlocked).toBe(true);
  });
});
