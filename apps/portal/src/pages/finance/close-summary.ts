import type { CloseResult } from '../../api/types.js';
import { isZero, sumByCurrency } from '../../format/money.js';
import { formatUnits } from '../../format/number.js';

type ClosedPeriod = Pick<CloseResult['closed'][number], 'number' | 'total'>;

/** What closing did, in a sentence or two. Periods close by themselves too, so there is often nothing left to do. */
export function closeSummary({ closed, held }: CloseResult): string {
  if (closed.length === 0 && held.length === 0) return 'Nothing was due: all periods that ended by then are closed.';
  const sums = sumByCurrency(closed.flatMap(({ total }) => (total ? [total] : [])));
  const billed = sums.length > 0 ? `, ${sums.join(' + ')} billed` : '';
  const inReview = closed.filter(isInReview).length;
  const reviewed = inReview > 0 ? ` ${formatUnits(inReview, 'invoice')} in review first.` : '';
  const waiting = held.length > 0 ? ` ${formatUnits(held.length, 'period')} held until all usage is in.` : '';
  return `${formatUnits(closed.length, 'period')} closed${billed}.${reviewed}${waiting}`;
}

/** How many periods are held for each reason, the most first. */
export function holdsByReason(
  held: CloseResult['held'],
): readonly { readonly reason: string; readonly count: number }[] {
  const counts = new Map<string, number>();
  for (const { reason } of held) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts].map(([reason, count]) => ({ reason, count })).toSorted((one, other) => other.count - one.count);
}

/** What the invoice of a closed period is called: its number, or why it has none. */
export function closedInvoiceTitle(period: ClosedPeriod): string {
  return period.number ?? (isInReview(period) ? 'In review' : 'Nothing owed');
}

/** Its money is owed, and yet it has no number: somebody looks at it first. */
function isInReview({ number, total }: ClosedPeriod): boolean {
  return number === null && total !== null && !isZero(total.amountMinor);
}
