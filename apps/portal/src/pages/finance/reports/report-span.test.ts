import { expect, it } from 'vitest';
import { reportSpanOf } from './report-span.js';

const february = { from: '2026-02-01', to: '2026-02-28' };

it('takes whole days in UTC', () => {
  expect(reportSpanOf('revenue', february)).toEqual({
    from: '2026-02-01T00:00:00.000Z',
    to: '2026-03-01T00:00:00.000Z',
  });
  expect(reportSpanOf('revenue', { from: 'soon' })).toEqual({});
});

it('takes the end of the last day for a report of one instant', () => {
  expect(reportSpanOf('mrr', february)).toEqual({ at: '2026-03-01T00:00:00.000Z' });
  expect(reportSpanOf('mrr', {})).toEqual({});
});
