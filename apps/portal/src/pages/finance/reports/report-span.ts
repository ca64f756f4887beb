import type { ReportSpan } from '../../../api/reports.js';
import type { ReportName } from '../../../api/types.js';
import { utcInstantOf } from '../../../format/utc-input.js';
import type { ReportsSearch } from '../../../router/search.js';

const dayMs = 86_400_000;

/**
 * What the API takes for the days in the address: from the start of the first day up to the end of the last, both in UTC; of a
 * report that is of one instant, the end of the last day.
 */
export function reportSpanOf(report: ReportName, { from, to }: Pick<ReportsSearch, 'from' | 'to'>): ReportSpan {
  const first = from === undefined ? null : utcInstantOf(from);
  const last = to === undefined ? null : utcInstantOf(to);
  const end = last === null ? null : new Date(Date.parse(last) + dayMs).toISOString();
  if (report === 'mrr') return end === null ? {} : { at: end };
  return { ...(first !== null && { from: first }), ...(end !== null && { to: end }) };
}
