import { InvalidError } from '#domain';
import type { ExportSpan } from '#persistence';
import { journalEntryTable } from '../accounting/journal-entry-table.js';
import { recurringRevenueTable, revenueTable } from '../accounting/revenue-tables.js';
import type { ServiceContext } from '../context.js';
import { paymentTable } from '../payment/payment-table.js';
import { type Table, cellText } from '../table/table.js';
import { lateUsageTable } from '../usage/late-usage-table.js';
import { usageTable } from '../usage/usage-table.js';

/** What finance can have as a table. */
export const reportNames = ['payments', 'usage', 'late-usage', 'revenue', 'mrr', 'journal-entries'] as const;
export type ReportName = (typeof reportNames)[number];

export interface ReportOptions {
  /** From this instant on, and up to before this one; not of `mrr`. */
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
  /** Only of `mrr`: now when it is absent. */
  readonly at?: Date | undefined;
  readonly pageSize?: number | undefined;
}

type SpanReport = (context: ServiceContext, span: ExportSpan, pageSize?: number) => Table;

const reportsOfSpan: Readonly<Record<Exclude<ReportName, 'mrr'>, SpanReport>> = {
  payments: paymentTable,
  usage: usageTable,
  'late-usage': lateUsageTable,
  revenue: revenueTable,
  'journal-entries': journalEntryTable,
};

/**
 * A report over all organizations, which is for finance.
 * @throws InvalidError `report_options_invalid` for a span that ends first, and for options that are not of the report
 */
export function reportTable(
  context: ServiceContext,
  name: ReportName,
  { from, to, at, pageSize }: ReportOptions = {},
): Table {
  if (name === 'mrr') {
    if (from || to) throw invalid('from, to: this report is of one instant; say which with “at”.');
    return recurringRevenueTable(context, at ?? context.clock.now());
  }
  if (at) throw invalid('at: this report is of a span; say which with “from” and “to”.');
  if (from && to && from >= to) throw invalid('to: expected a time after “from”.');
  return reportsOfSpan[name](context, { from: from ?? null, to: to ?? null }, pageSize);
}

function invalid(message: string): InvalidError {
  return new InvalidError('report_options_invalid', message);
}

/** The first rows of a table, with the texts of their cells. */
export interface TablePreview {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | null)[])[];
  /** There are more rows than these. */
  readonly hasMore: boolean;
}

/** Reads the first `limit` rows of a table. Amounts are in major units, instants ISO 8601 in UTC. */
export async function previewTable(table: Table, limit: number): Promise<TablePreview> {
  const rows: (string | null)[][] = [];
  let hasMore = false;
  for await (const page of table.pages()) {
    hasMore = page.length > limit - rows.length;
    rows.push(...page.slice(0, limit - rows.length).map((row) => row.map(cellText)));
    if (hasMore) break;
  }
  return { columns: table.header, rows, hasMore };
}
