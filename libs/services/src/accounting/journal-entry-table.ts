import { type AccountMapping, type Posting, accountInChart } from '#domain';
import { type ExportSpan, listAccountMappings } from '#persistence';
import type { ServiceContext } from '../context.js';
import { type Columns, type Table, tableOf } from '../table/table.js';
import { type DocumentedEntry, journalEntryPages } from './journal-entries.js';

interface PostingRow extends DocumentedEntry {
  readonly posting: Posting;
  readonly chart: ReturnType<typeof accountInChart>;
}

const columns: Columns<PostingRow> = {
  entry: ({ entry }) => entry.id,
  date: ({ entry }) => entry.at.toISOString().slice(0, 10),
  at: ({ entry }) => entry.at,
  kind: ({ entry }) => entry.kind,
  account_number: ({ chart }) => chart.number,
  account_name: ({ chart }) => chart.name,
  account: ({ posting }) => posting.account,
  product: ({ posting }) => posting.plan?.split('/')[0] ?? null,
  plan: ({ posting }) => posting.plan?.split('/')[1] ?? null,
  debit: ({ posting: { amountMinor }, currency }) => (amountMinor > 0n ? { amountMinor, currency } : null),
  credit: ({ posting: { amountMinor }, currency }) =>
    amountMinor < 0n ? { amountMinor: -amountMinor, currency } : null,
  currency: ({ currency }) => currency,
  description: ({ entry }) => entry.description,
  invoice_number: ({ invoiceNumber }) => invoiceNumber,
  organization_id: ({ organizationId }) => organizationId,
  organization: ({ organizationName }) => organizationName,
  seller: ({ sellerSlug }) => sellerSlug,
};

/**
 * The books of a span in double entry, a row a posting: the rows of one `entry` are of one currency, and their debits are as
 * much as their credits. Accounts have the numbers that finance has given them.
 */
export function journalEntryTable(context: ServiceContext, span: ExportSpan, pageSize?: number): Table {
  return tableOf('Journal entries', columns, () => postingPages(context, span, pageSize));
}

async function* postingPages(
  context: ServiceContext,
  span: ExportSpan,
  pageSize?: number,
): AsyncGenerator<readonly PostingRow[], void, undefined> {
  const mappings: readonly AccountMapping[] = await context.unitOfWork.inSystem(listAccountMappings);
  for await (const page of journalEntryPages(context, span, pageSize))
    yield page.flatMap((documented) =>
      documented.entry.postings.map((posting) => ({
        ...documented,
        posting,
        chart: accountInChart(mappings, posting.account, posting.plan),
      })),
    );
}
