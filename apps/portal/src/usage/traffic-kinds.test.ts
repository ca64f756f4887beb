import { expect, it } from 'vitest';
import { stackedColumns, trafficSummary } from './traffic-kinds.js';

const columns = { atSeconds: [0, 60], succeeded: [5, 0], clientErrors: [1, 0], serverErrors: [2, 3] };

it('stacks server errors on client errors on successes', () => {
  expect(stackedColumns(columns)).toEqual([
    [8, 3],
    [6, 0],
    [5, 0],
  ]);
});

it('says in a sentence what the chart shows', () => {
  expect(trafficSummary(columns, 'requests')).toBe(
    '11 requests: 5 succeeded, 1 with client errors, 5 with server errors.',
  );
  expect(trafficSummary({ ...columns, succeeded: [0], clientErrors: [], serverErrors: [] }, 'tiles')).toBe(
    'No tiles in this time.',
  );
});
