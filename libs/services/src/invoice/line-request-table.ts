import type { LineEvent } from '#persistence';
import type { ServiceContext } from '../context.js';
import { type Columns, type Table, tableOf } from '../table/table.js';
import { type ExplainLineInput, listLineRequests } from './explain-line.js';

/** Calls in memory at a time: of archived days each page reads its own day from the beginning. */
const PAGE_SIZE = 5_000;

/** What a call behind a line says in a file. */
export const LINE_REQUEST_COLUMNS: Columns<LineEvent> = {
  request_id: ({ requestId }) => requestId,
  admitted_at: ({ admittedAt }) => admittedAt,
  key: ({ keyId }) => keyId,
  operation: ({ operation }) => operation,
  method: ({ method }) => method,
  status: ({ status }) => status,
  quantity: ({ quantity }) => ({ decimal: quantity }),
};

export interface LineRequestTableInput extends ExplainLineInput {
  /** The last call of the file before; null for the first file. */
  readonly after: string | null;
  /** How many calls the file has at most. */
  readonly limit: number;
}

/**
 * The calls behind a line as a table, in the order of admission, of archived days too: at most `limit`, of which a page is in
 * memory. The first page is read before it returns, so that what is not there is said instead of a file.
 * @throws NotFoundError `invoice_not_found`, `invoice_line_not_found`; UsageArchiveError when the archive cannot be read.
 */
export async function lineRequestTable(
  context: ServiceContext,
  { after, limit, ...input }: LineRequestTableInput,
  pageSize = PAGE_SIZE,
): Promise<Table> {
  const read = (from: string | null, left: number) =>
    listLineRequests(context, { ...input, after: from, limit: Math.min(left, pageSize) });
  const first = await read(after, limit);
  return tableOf('Calls', LINE_REQUEST_COLUMNS, async function* () {
    let left = limit;
    for (let page = first; ; page = await read(page.next, left)) {
      if (page.requests.length > 0) yield page.requests;
      left -= page.requests.length;
      if (page.next === null || left === 0) return;
    }
  });
}
