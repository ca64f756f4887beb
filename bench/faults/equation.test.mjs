import { describe, expect, it } from 'vitest';
import { weigh } from './equation.mjs';

const delivered = (id, key = 'a') => ({ name: `call-${id}`, key, id, outcome: 'delivered' });
const broken = (name, key = 'a') => ({ name, key, id: null, outcome: 'broken' });
const rows = (...ids) => ids.map((id) => ({ id, key: 'a' }));
const counted = (count) => new Map([['a', count]]);

describe('what callers got against what is billed', () => {
  it('holds when all that was delivered is billed, and of what broke off any part', () => {
    const calls = [delivered('1'), broken('x'), broken('y')];
    const served = new Map([
      ['x', ['2']],
      ['y', ['3']],
    ]);
    for (const ids of [['1'], ['1', '2'], ['1', '2', '3']]) {
      const weighed = weigh({ calls, served, billed: rows(...ids), rolledUp: counted(ids.length) });
      expect(weighed).toMatchObject({ holds: true, delivered: 1, billed: ids.length, ambiguous: 2 });
    }
  });

  it.each([
    ['lost, as the ledger does not have it', [delivered('1')], [], counted(0), { lost: 1 }],
    ['lost, as the rollups have not counted it', [delivered('1')], rows('1'), counted(0), { lost: 1 }],
    ['double, as a row is there twice', [delivered('1')], rows('1', '1'), counted(1), { double: 1 }],
    ['double, as the rollups have counted it twice', [delivered('1')], rows('1'), counted(2), { double: 1 }],
    ['double, as one call is billed under two ids', [broken('x')], rows('2', '3'), counted(2), { double: 1 }],
    ['phantom, as nobody has seen it', [delivered('1')], rows('1', '9'), counted(2), { phantom: 1 }],
  ])('%s', (_name, calls, billed, rolledUp, expected) => {
    const served = new Map([['x', ['2', '3']]]);
    expect(weigh({ calls, served, billed, rolledUp })).toMatchObject({ holds: false, ...expected });
  });

  it('is weighed for each key: what one has too much does not make up for what another lacks', () => {
    const calls = [delivered('1', 'a'), delivered('2', 'b')];
    const billed = [
      { id: '1', key: 'a' },
      { id: '2', key: 'a' },
    ];
    const rolledUp = new Map([['a', 2]]);
    expect(weigh({ calls, served: new Map(), billed, rolledUp })).toMatchObject({ holds: false, lost: 1, phantom: 1 });
  });
});
