import type { ExportSpan } from '#persistence';
import type { ServiceContext } from '../context.js';
import { paymentTable } from '../payment/payment-table.js';
import type { Table } from '../table/table.js';
import { usageTable } from '../usage/usage-table.js';

/** What finance can have as a table. */
export const reportNames = ['payments', 'usage'] as const;
export type ReportName = (typeof reportNames)[number];

export interface ReportOptions extends ExportSpan {
  readonly pageSize?: number;
}

const tables: Readonly<Record<ReportName, (context: ServiceContext, options: ReportOptions) => Table>> = {
  payments: (context, { pageSize, ...span }) => paymentTable(context, span, pageSize),
  usage: (context, { pageSize, ...span }) => usageTable(context, span, pageSize),
};

/** A report over all organizations, which is for finance. */
export function reportTable(context: ServiceContext, name: ReportName, options: ReportOptions): Table {
  return tables[name](context, options);
}
