import { describe, expect, it } from 'vitest';
import { readCsv } from './read-csv.js';

describe('a file of CSV', () => {
  const cellsOf = (text: string) => readCsv(text).map(({ cells }) => cells);

  it.each([
    [
      'plain',
      'a,b\n1,2\n',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'without an end',
      'a,b\n1,',
      [
        ['a', 'b'],
        ['1', ''],
      ],
    ],
    [
      'of Windows, with a mark',
      '\uFEFFa,b\r\n1,2\r\n',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    ['quoted', '"a, ""x""","b\nc"\n', [['a, "x"', 'b\nc']]],
    [
      'of semicolons',
      'a;b\n"1;5";2,5\n',
      [
        ['a', 'b'],
        ['1;5', '2,5'],
      ],
    ],
    ['with empty lines', '\n\na,b\n\n', [['a', 'b']]],
    ['that is empty', '', []],
  ])('%s has these cells', (_, text, cells) => expect(cellsOf(text)).toEqual(cells));

  it('tells on which line each row begins', () => {
    expect(readCsv('a,b\n"1\n2",x\ny,z\n').map(({ line }) => line)).toEqual([1, 2, 4]);
  });
});
