import type { CloseResult } from '../../api/types.js';
import { sumByCurrency } from '../../format/money.js';
import { formatUnits } from '../../format/number.js';

/** What closing did, in a sentence or two. Periods close by themselves too, so there is often nothing left to do. */
export function closeSummary({ closed, held }: CloseResult): string {
  if (closed.length === 0 && held.length === 0) return 'Nothing was due: all periods that ended by then are closed.';
  const sums = sumByCurrency(closed.flatMap(({ total }) => (total ? [total] : [])));
  const billed = sums.length > 0 ? `, ${sums.join(' + ')} billed` : '';
  const waiting = held.length > 0 ? ` ${formatUnits(held.length, 'period')} held until all usage is in.` : '';
  return `${formatUnits(closed.length, 'period')} closed${billed}.${waiting}`;
}
