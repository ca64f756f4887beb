import type { Report, ReportName } from '../../../api/types.js';
import { formatPeriod, formatUtc } from '../../../format/date.js';
import { formatAmount } from '../../../format/money.js';
import { formatQuantity } from '../../../format/number.js';

type Row = Readonly<Record<string, string | null>>;

interface ViewColumn {
  readonly label: string;
  readonly align?: 'right';
  /** What the cell says; empty for nothing. */
  readonly text: (row: Row) => string;
}

interface ReportView {
  readonly label: string;
  readonly description: string;
  readonly none: string;
  readonly columns: readonly ViewColumn[];
}

const text = (label: string, key: string): ViewColumn => ({
  label,
  text: (row) => row[key] ?? '',
});
const amount = (label: string, key: string): ViewColumn => ({
  label,
  align: 'right',
  text: (row) => (row[key] && row['currency'] ? formatAmount(row[key], row['currency']) : ''),
});
const quantity = (label: string, key: string): ViewColumn => ({
  label,
  align: 'right',
  text: (row) => (row[key] ? formatQuantity(row[key]) : ''),
});
const instant = (label: string, key: string): ViewColumn => ({
  label,
  text: (row) => (row[key] ? formatUtc(new Date(row[key])).slice(0, 16) : ''),
});
const plan: ViewColumn = {
  label: 'Plan',
  text: ({ product, plan: slug }) => (product && slug ? `${product} / ${slug}` : '—'),
};

const invoice: ViewColumn = { label: 'Invoice', text: ({ invoice_number: number }) => number ?? '—' };

/** What the page shows of each report; the files have more columns. */
export const reportViews: Readonly<Record<ReportName, ReportView>> = {
  mrr: {
    label: 'MRR',
    description:
      'The fixed fees of all subscriptions by the month, a twelfth of those by the year, less coupons, trials left out. Usage is apart: what it earned in the month before.',
    none: 'No subscription was in force then.',
    columns: [
      plan,
      quantity('Subscriptions', 'subscriptions'),
      quantity('In trial', 'trials'),
      amount('MRR', 'mrr'),
      amount('Before coupons', 'mrr_before_coupons'),
      amount('Usage of last month', 'usage_of_last_month'),
    ],
  },
  revenue: {
    label: 'Revenue',
    description:
      'What was earned in each month (UTC), without tax: fees in advance count for the months that they pay for.',
    none: 'Nothing was earned in this span.',
    columns: [
      text('Month', 'month'),
      plan,
      amount('Fixed fees', 'fixed_fees'),
      amount('Set-up fees', 'setup_fees'),
      amount('Usage', 'usage'),
      amount('Minimums', 'minimum_commitments'),
      amount('Credit notes', 'credit_notes'),
      amount('Revenue', 'revenue'),
    ],
  },
  'late-usage': {
    label: 'Late usage',
    description:
      'Usage that came after its period was closed, the period that it belongs to, and the invoice that bills it.',
    none: 'No usage came late.',
    columns: [
      text('Organization', 'organization'),
      plan,
      text('Meter', 'meter'),
      { label: 'Belongs to', text: (row) => periodOf(row['period_start'], row['period_end']) },
      quantity('Units', 'quantity'),
      {
        label: 'Billed with',
        text: (row) => periodOf(row['settled_period_start'], row['settled_period_end']),
      },
      { label: 'Invoice', text: (row) => row['invoice_number'] ?? (row['state'] === 'waiting' ? 'Waits' : '—') },
      amount('Amount', 'amount'),
    ],
  },
  'journal-entries': {
    label: 'Journal entries',
    description:
      'Every event of an invoice in double entry, a row a posting: the rows of an entry have equal debits and credits.',
    none: 'Nothing happened in this span.',
    columns: [
      text('Date (UTC)', 'date'),
      { label: 'Account', text: (row) => `${row['account_number']} ${row['account_name']}` },
      text('Description', 'description'),
      text('Organization', 'organization'),
      amount('Debit', 'debit'),
      amount('Credit', 'credit'),
    ],
  },
  payments: {
    label: 'Payments',
    description: 'Payments and failed tries, by when they were recorded.',
    none: 'Nothing was paid in this span.',
    columns: [
      instant('Recorded (UTC)', 'created_at'),
      text('Organization', 'organization'),
      invoice,
      { label: 'State', text: ({ state }) => (state === 'failed' ? 'Failed' : 'Succeeded') },
      text('Failure', 'failure_message'),
      amount('Amount', 'amount'),
    ],
  },
  usage: {
    label: 'Usage',
    description: 'Live usage by subscription, day (UTC), meter and operation.',
    none: 'Nothing was used in this span.',
    columns: [
      text('Day (UTC)', 'day'),
      text('Organization', 'organization'),
      text('Product', 'product'),
      text('Meter', 'meter'),
      text('Operation', 'operation'),
      quantity('Calls', 'events'),
      quantity('Units', 'quantity'),
      quantity('Billable units', 'billable_quantity'),
    ],
  },
};

export const reportNames = Object.keys(reportViews) as readonly ReportName[];

/** The rows of a report by the names of their columns. */
export function rowsOf({ columns, rows }: Report): readonly Row[] {
  return rows.map((row) => Object.fromEntries(columns.map((column, index) => [column, row[index] ?? null])));
}

function periodOf(start: string | null | undefined, end: string | null | undefined): string {
  return start && end ? formatPeriod(new Date(start), new Date(end)) : '';
}
