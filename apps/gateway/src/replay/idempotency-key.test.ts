import { describe, expect, it } from 'vitest';
import { decodeAnswer, encodeAnswer } from './answer-record.js';
import { parseIdempotencyKey } from './idempotency-key.js';

describe('an Idempotency-Key', () => {
  it.each([
    ['"8e03978e-40d5"', '8e03978e-40d5'],
    [' 8e03978e-40d5 ', '8e03978e-40d5'],
    ['"with space"', 'with space'],
    ['', null],
    ['""', null],
    ['two words', null],
    ['"open', null],
    ['ä', null],
    ['x'.repeat(256), null],
  ])('in %j is %j', (value, expected) => {
    expect(parseIdempotencyKey(value)).toBe(expected);
  });
});

describe('an answer that is kept', () => {
  it('comes back as it was', () => {
    const answer = { status: 201, headers: { location: '/a', 'x-many': ['1', '2'] }, body: Buffer.from([0, 255, 7]) };
    expect(decodeAnswer(encodeAnswer(answer))).toEqual(answer);
  });
});
