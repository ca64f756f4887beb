import type { ReportSpan } from '../../../api/reports.js';
import type { ReportName } from '../../../api/types.js';
import { utcSpanOf } from '../../../format/utc-input.js';
import type { ReportsSearch } from '../../../router/search.js';

/**
 * What the API takes for the days in the address: from the start of the first day up to the end of the last, both in UTC; of a
 * report that is of one instant, the end of the last day.
 */
export function reportSpanOf(report: ReportName, days: Pick<ReportsSearch, 'from' | 'to'>): ReportSpan {
  const span = utcSpanOf(days);
  if (report !== 'mrr') return span;
  return span.to === undefined ? {} : { at: span.to };
}
