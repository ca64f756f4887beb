import { describe, expect, it } from 'vitest';
import { readLimits, readReceipt, spanWords } from './receipt-fields.js';
import { MAX_SHOWN, shownBody } from './shown-body.js';

describe('the receipt of an answer', () => {
  it('says per meter what was counted, whether it is billed, and why', () => {
    expect(
      readReceipt('"requests";cost=5;billable=?1;reason="ok", "to,kens";cost="0.0001";billable=?0;reason="test_mode"'),
    ).toEqual([
      { meter: 'requests', cost: '5', isBilled: true, reason: 'ok' },
      { meter: 'to,kens', cost: '0.0001', isBilled: false, reason: 'test_mode' },
    ]);
    expect(readReceipt('"tokens";state=reserved;max=4000')).toEqual([
      { meter: 'tokens', cost: null, isBilled: false, reason: 'reserved' },
    ]);
  });

  it.each(['', 'nonsense', '"open;cost=1', '"a"', ';cost=1'])('is empty for %j', (field) => {
    expect(readReceipt(field)).toEqual([]);
  });
});

describe('what is left', () => {
  it('is read of each limit', () => {
    expect(readLimits('"burst";r=97;t=12, "monthly";r=0')).toEqual([
      { name: 'burst', remaining: 97, seconds: 12 },
      { name: 'monthly', remaining: 0, seconds: null },
    ]);
    expect(readLimits('"burst";r=x')).toEqual([]);
  });
});

describe('the body of an answer', () => {
  it('is put in lines when it is JSON, and no digit of it is changed', () => {
    expect(shownBody('{"a":[1,2]}', true).text).toBe('{\n  "a": [\n    1,\n    2\n  ]\n}');
    expect(shownBody('{"id":12345678901234567890}', true).text).toBe('{"id":12345678901234567890}');
    expect(shownBody('{"a":1', true).text).toBe('{"a":1');
    expect(shownBody('<b>', true)).toEqual({ text: '<b>', isCut: false });
  });

  it('is cut where it is long', () => {
    const { text, isCut } = shownBody('x'.repeat(MAX_SHOWN + 1), true);
    expect([text.length, isCut]).toEqual([MAX_SHOWN, true]);
  });
});

it('writes a span of time for people', () => {
  expect([0, 119, 120, 7_199, 7_200, 9_023].map(spanWords)).toEqual([
    '0 s',
    '119 s',
    '2 min',
    '2 h',
    '2 h',
    '2 h 31 min',
  ]);
});
