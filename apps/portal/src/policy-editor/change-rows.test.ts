import { describe, expect, it } from 'vitest';
import { type ChangeRow, changeRows, changesOf, faultPlace, isReplaced } from './change-rows.js';

const words = { remove: ['x-old', 'x-older'], rename: { a: 'b' }, set: { 'x-plan': '${plan}' }, add: { 'x-tag': '1' } };

describe('changes of header fields as rows', () => {
  it('say the same as before, in the order in which gateways make them', () => {
    const rows = changeRows(words);
    expect(rows.map(({ kind, name, value }) => `${kind} ${name} ${value}`.trim())).toEqual([
      'remove x-old',
      'remove x-older',
      'rename a b',
      'set x-plan ${plan}',
      'add x-tag 1',
    ]);
    expect(changesOf(rows)).toEqual(words);
  });

  it('are nothing without a row', () => {
    expect(changeRows(undefined)).toEqual([]);
    expect(changesOf([])).toBeUndefined();
  });

  it('have their faults where the answer says them, however they are ordered on the page', () => {
    const rows: ChangeRow[] = [
      { kind: 'set', name: 'host', value: 'x' },
      { kind: 'remove', name: 'a', value: '' },
      { kind: 'remove', name: 'te', value: '' },
    ];
    expect(rows.map((_row, index) => faultPlace(rows, index))).toEqual(['set.host', 'remove.0', 'remove.1']);
  });

  it('tell of a row that a later one takes the place of', () => {
    const rows: ChangeRow[] = [
      { kind: 'set', name: 'x', value: '1' },
      { kind: 'add', name: 'x', value: '2' },
      { kind: 'set', name: 'x', value: '3' },
    ];
    expect(rows.map((_row, index) => isReplaced(rows, index))).toEqual([true, false, false]);
    expect(changesOf(rows)).toEqual({ set: { x: '3' }, add: { x: '2' } });
  });

  it('may have the names that objects have of themselves', () => {
    const rows: ChangeRow[] = [{ kind: 'set', name: '__proto__', value: 'x' }];
    expect(changeRows(changesOf(rows))).toEqual(rows);
  });
});
