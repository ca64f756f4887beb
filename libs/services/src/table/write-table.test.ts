import { read, utils } from '@e965/xlsx';
import { describe, expect, it } from 'vitest';
import { type Cell, pagesOf, tableOf } from './table.js';
import { writeTable } from './write-table.js';
import { writeXlsx } from './xlsx/write-xlsx.js';

const writtenAt = new Date('2026-11-22T12:00:00Z');
const hostile = ['=1+1', '+1', '-1+1', '@sum', '\tx', '\r=x', '_x003D_1', '<b>&"\0\ud800'];

const cells: Record<string, Cell> = {
  text: '=cmd',
  count: 3,
  whole: 9_007_199_254_740_993n,
  usd: { amountMinor: -123_456n, currency: 'USD' },
  jpy: { amountMinor: 1_500n, currency: 'JPY' },
  kwd: { amountMinor: 1_234n, currency: 'KWD' },
  huge: { amountMinor: 123_456_789_012_345_678n, currency: 'USD' },
  quantity: { decimal: '350.5' },
  at: new Date('2026-03-01T01:02:03.250Z'),
  nothing: null,
};
const oneRow = tableOf(
  'Things',
  Object.fromEntries(Object.keys(cells).map((name) => [name, () => cells[name]!])),
  () => [[{}]],
);
const texts = tableOf<string>('Texts', { text: (text) => text }, () => [hostile]);

const bytesOf = async (stream: AsyncIterable<string | Uint8Array>) => {
  const pieces: Uint8Array[] = [];
  for await (const piece of stream) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces);
};
const workbook = async (stream: AsyncIterable<string | Uint8Array>) =>
  read(await bytesOf(stream), { cellStyles: true, cellNF: true, cellFormula: true });

describe('a table', () => {
  it('is CSV with exact amounts, instants in UTC and no formula', async () => {
    const csv = (await bytesOf(writeTable(oneRow, 'csv', writtenAt))).toString();
    expect(csv).toBe(
      'text,count,whole,usd,jpy,kwd,huge,quantity,at,nothing\r\n' +
        "'=cmd,3,9007199254740993,-1234.56,1500,1.234,1234567890123456.78,350.5,2026-03-01T01:02:03.250Z,\r\n",
    );
  });

  it('is JSON lines that lose no digit', async () => {
    const json = (await bytesOf(writeTable(oneRow, 'ndjson', writtenAt))).toString();
    expect(json.endsWith('}\n')).toBe(true);
    expect(JSON.parse(json)).toEqual({
      text: '=cmd',
      count: 3,
      whole: '9007199254740993',
      usd: '-1234.56',
      jpy: '1500',
      kwd: '1.234',
      huge: '1234567890123456.78',
      quantity: '350.5',
      at: '2026-03-01T01:02:03.250Z',
      nothing: null,
    });
  });

  it('is a workbook whose amounts are numbers in the format of their currency, and dates are dates in UTC', async () => {
    const { SheetNames, Sheets } = await workbook(writeTable(oneRow, 'xlsx', writtenAt));
    expect(SheetNames).toEqual(['Things']);
    const sheet = Sheets['Things']!;
    const shown = (place: string) => [sheet[place]?.t, sheet[place]?.v, sheet[place]?.w];
    expect(shown('B2')).toEqual(['n', 3, '3']);
    expect(shown('D2')).toEqual(['n', -1234.56, '-1,234.56 USD']);
    expect(shown('E2')).toEqual(['n', 1500, '1,500 JPY']);
    expect(shown('F2')).toEqual(['n', 1.234, '1.234 KWD']);
    expect(shown('H2')).toEqual(['n', 350.5, '350.5']);
    expect(sheet['I2']!.w).toBe('2026-03-01 01:02:03 UTC');
    expect(sheet['I2']!.v).toBeCloseTo(46_082.043_093, 6);
    expect(sheet['J2']).toBeUndefined();
  });

  it('is a workbook that writes as text what a spreadsheet would round', async () => {
    const sheet = (await workbook(writeTable(oneRow, 'xlsx', writtenAt))).Sheets['Things']!;
    expect([sheet['C2']!.t, sheet['C2']!.v]).toEqual(['s', '9007199254740993']);
    expect([sheet['G2']!.t, sheet['G2']!.v]).toEqual(['s', '1234567890123456.78']);
  });

  it('is a workbook in which no text is a formula, and none is changed but for what XML cannot hold', async () => {
    const sheet = (await workbook(writeTable(texts, 'xlsx', writtenAt))).Sheets['Texts']!;
    for (const [index, text] of hostile.entries()) {
      const cell = sheet[`A${index + 2}`]!;
      expect([cell.t, cell.f, cell.v], text).toEqual(['s', undefined, text.replace(/[\0\ud800]/g, '\ufffd')]);
    }
  });

  it('goes on in another sheet when one is full, and makes none without rows', async () => {
    const numbers = (count: number) =>
      tableOf<number>('N', { n: (n) => n }, () => [Array.from({ length: count }, (_, n) => n)]);
    for (const [count, sheets] of [
      [0, 1],
      [4, 1],
      [5, 2],
      [8, 2],
      [9, 3],
    ] as const) {
      const { SheetNames, Sheets } = await workbook(writeXlsx([numbers(count)], { writtenAt, rowsPerSheet: 5 }));
      expect(SheetNames, `${count} rows`).toEqual(['N', 'N 2', 'N 3'].slice(0, sheets));
      const rows = SheetNames.flatMap((name) => utils.sheet_to_json<{ n: number }>(Sheets[name]!));
      expect(rows.map(({ n }) => n)).toEqual(Array.from({ length: count }, (_, n) => n));
    }
  });

  it('reads its next page only when the one before has been taken', async () => {
    let pages = 0;
    const endless = tableOf<number>('Endless', { text: (n) => `${n}`.repeat(2_000) }, function* () {
      for (;;) yield [++pages];
    });
    const stream = writeXlsx([endless], { writtenAt });
    const iterator = stream[Symbol.asyncIterator]();
    await iterator.next();
    const before = pages;
    for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect(pages).toBeLessThan(before + 2_000);
    stream.destroy();
    await iterator.return?.();
  });

  it('breaks the workbook off when its rows cannot be read', async () => {
    const broken = tableOf<number>('Broken', { n: (n) => n }, async function* () {
      yield [1];
      throw new Error('the database went away');
    });
    await expect(bytesOf(writeXlsx([broken], { writtenAt }))).rejects.toThrow('the database went away');
  });

  it('has the rows of all pages once', async () => {
    const rows = Array.from({ length: 10 }, (_, index) => index);
    const read = (after: number | null, limit: number) =>
      Promise.resolve(rows.filter((row) => after === null || row > after).slice(0, limit));
    for (const size of [1, 3, 5, 10, 11]) {
      const seen: number[] = [];
      for await (const page of pagesOf(size, read)) seen.push(...page);
      expect(seen, `pages of ${size}`).toEqual(rows);
    }
  });
});
