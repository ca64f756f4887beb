import type { InvoiceFilter } from '../../api/finance.js';
import { utcSpanOf } from '../../format/utc-input.js';
import type { FinanceSearch } from '../../router/search.js';

/** The filter that the API takes: from the start of the first day up to the end of the last, both in UTC. */
export function invoiceFilterOf({ state, q = '', ...days }: FinanceSearch): InvoiceFilter {
  const search = q.trim();
  return { ...(state ? { state } : {}), ...utcSpanOf(days), ...(search === '' ? {} : { search }) };
}
