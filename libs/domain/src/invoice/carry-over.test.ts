import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideCarry, spreadCharge, spreadTakenBack } from './carry-over.js';

const two = [
  { id: 'a', dueMinor: 20n },
  { id: 'b', dueMinor: 15n },
];

describe('decideCarry', () => {
  it.each([
    ['one below the minimum is carried', 49n, [], 50n, false, []],
    ['one at the minimum is collected', 50n, [], 50n, true, []],
    ['together below the minimum all stay', 14n, two, 50n, false, []],
    ['together at the minimum all are collected', 15n, two, 50n, true, ['a', 'b']],
    ['one above it takes the carried ones with it', 900n, two, 50n, true, ['a', 'b']],
    ['without a minimum nothing is carried', 1n, [], 0n, true, []],
    ['what is not due any more stays out', 60n, [{ id: 'a', dueMinor: 0n }], 50n, true, []],
  ] as const)('%s', (_, due, carried, minimum, isCollected, joining) => {
    const decided = decideCarry(due, carried, minimum);
    expect(decided.isCollected).toBe(isCollected);
    expect(decided.joining.map(({ id }) => id)).toEqual(joining);
  });
});

describe('spreadCharge', () => {
  it.each([
    ['exactly', 1035n, { a: 20n, b: 15n, lead: 1000n }],
    ['with too much', 1040n, { a: 20n, b: 15n, lead: 1005n }],
    ['with too little', 30n, { a: 20n, b: 10n }],
  ] as const)('pays those that have joined first, %s', (_, amount, parts) => {
    expect(Object.fromEntries(spreadCharge(amount, 'lead', two))).toEqual(parts);
  });

  it('gives away neither more nor less than was charged', () => {
    const amounts = fc.array(fc.bigInt({ min: 0n, max: 1000n }), { maxLength: 6 });
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 5000n }), amounts, (amount, dues) => {
        const joined = dues.map((dueMinor, index) => ({ id: String(index), dueMinor }));
        const parts = spreadCharge(amount, 'lead', joined);
        expect([...parts.values()].reduce((sum, part) => sum + part, 0n)).toBe(amount);
        for (const { id, dueMinor } of joined) expect((parts.get(id) ?? 0n) <= dueMinor).toBe(true);
      }),
    );
  });
});

describe('spreadTakenBack', () => {
  it.each([
    ['all of it', 1035n, [1000n, 20n, 15n]],
    ['a part', 1010n, [1000n, 10n, 0n]],
    ['less than the first', 400n, [400n, 0n, 0n]],
    ['more than was paid', 9999n, [1000n, 20n, 15n]],
  ] as const)('falls on the payments in their order: %s', (_, amount, parts) => {
    const paid = [1000n, 20n, 15n].map((amountMinor) => ({ amountMinor, leftMinor: amountMinor }));
    expect(spreadTakenBack(amount, paid)).toEqual(parts);
  });

  it.each([
    ['within what is left', 25n, [10n, 0n, 15n]],
    ['beyond it, once more in their order', 40n, [25n, 0n, 15n]],
    ['beyond all of them', 9999n, [1000n, 20n, 15n]],
  ] as const)('passes over what was taken back before: %s', (_, amount, parts) => {
    const paid = [
      { amountMinor: 1000n, leftMinor: 10n },
      { amountMinor: 20n, leftMinor: 0n },
      { amountMinor: 15n, leftMinor: 15n },
    ];
    expect(spreadTakenBack(amount, paid)).toEqual(parts);
  });
});
