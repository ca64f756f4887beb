import type { InvoiceFilter } from '../../api/finance.js';
import { utcInstantOf } from '../../format/utc-input.js';
import type { FinanceSearch } from '../../router/search.js';

const dayMs = 86_400_000;

/** The filter that the API takes: from the start of the first day up to the end of the last, both in UTC. */
export function invoiceFilterOf({ state, from, to }: FinanceSearch): InvoiceFilter {
  const first = from === undefined ? null : utcInstantOf(from);
  const last = to === undefined ? null : utcInstantOf(to);
  return {
    ...(state ? { state } : {}),
    ...(first ? { from: first } : {}),
    ...(last ? { to: new Date(Date.parse(last) + dayMs).toISOString() } : {}),
  };
}
