import { describe, expect, it } from 'vitest';
import { csvRows } from './csv-rows.js';

describe('rows of CSV', () => {
  it.each(['=1+1', '+1', '-1+1', '-', '@sum', '\tx', '-1e5', '-=1', '＝1', '-1.5.2', '-1\n=2'])(
    'keep the spreadsheet from computing %j',
    (cell) => {
      expect(csvRows([[cell]])).toMatch(/^"?'/);
    },
  );

  it('leave negative numbers what they are', () => {
    expect(csvRows([['-5.00', '-12', -3, -4n, '5.00', null]])).toBe('-5.00,-12,-3,-4,5.00,\r\n');
  });

  it('quote what would split a row', () => {
    expect(csvRows([['a,b', 'c"d', 'e\nf', 'g\rh']])).toBe('"a,b","c""d","e\nf","g\rh"\r\n');
  });
});
