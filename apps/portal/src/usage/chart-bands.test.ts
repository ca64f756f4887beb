import { expect, it } from 'vitest';
import { type ChartColumns, chartSummary, stackedColumns } from './chart-bands.js';

const columns: ChartColumns = {
  atSeconds: [0, 60],
  bands: [
    { key: 'ok', label: 'Succeeded', color: '--a', counts: [5, 0] },
    { key: 'client', label: 'Client errors', color: '--b', counts: [1, 0] },
    { key: 'server', label: 'Server errors', color: '--c', counts: [2, 3] },
  ],
};

it('stacks each band on those before it, the tallest first', () => {
  expect(stackedColumns(columns)).toEqual([
    [8, 3],
    [6, 0],
    [5, 0],
  ]);
});

it('says in a sentence what the chart shows', () => {
  expect(chartSummary(columns, 'requests')).toBe('11 requests. Succeeded: 5, Client errors: 1, Server errors: 5.');
  expect(chartSummary({ atSeconds: [0], bands: [] }, 'tiles')).toBe('No tiles in this time.');
});
