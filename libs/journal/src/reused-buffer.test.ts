import { describe, expect, it } from 'vitest';
import { ReusedBuffer } from './reused-buffer.js';

const MEBIBYTE = 1024 * 1024;

describe('a reused buffer', () => {
  it('gives the same memory again, in any length that has been there', () => {
    const memory = new ReusedBuffer();
    const first = memory.take(MEBIBYTE);
    for (const length of [1, MEBIBYTE, 0, MEBIBYTE + 1]) {
      const next = memory.take(length);
      expect(next.length).toBe(length);
      expect(next.buffer).toBe(first.buffer);
    }
  });

  it('grows, and keeps nothing that is larger than 8 MiB', () => {
    const memory = new ReusedBuffer();
    const small = memory.take(10);
    const large = memory.take(MEBIBYTE);
    expect(large.buffer).not.toBe(small.buffer);
    const huge = memory.take(9 * MEBIBYTE);
    expect(huge.length).toBe(9 * MEBIBYTE);
    expect(memory.take(MEBIBYTE).buffer).toBe(large.buffer);
    expect(memory.take(8 * MEBIBYTE).length).toBe(8 * MEBIBYTE);
  });
});
