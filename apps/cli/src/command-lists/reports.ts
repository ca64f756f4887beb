import { reportNames } from '#services';
import type { Command } from '../command.js';

/** Commands of what finance takes away. */
export const reportCommands: readonly Command[] = [
  {
    words: ['invoices', 'export'],
    options: '[--format csv|ndjson|xlsx] [--from INSTANT] [--to INSTANT]',
    summary:
      'Every line of every issued invoice to standard output; as ndjson whole invoices, as xlsx invoices, lines and credit notes.',
    run: async (words) => (await import('../commands/invoices.js')).invoicesExport(words),
  },
  {
    words: ['credit-notes', 'export'],
    options: '[--from INSTANT] [--to INSTANT]',
    summary: 'Every line of the credit notes that were issued in the span, as CSV to standard output.',
    run: async (words) => (await import('../commands/invoices.js')).creditNotesExport(words),
  },
  {
    words: ['report'],
    options: `${reportNames.join('|')} [--format csv|ndjson|xlsx] [--from INSTANT] [--to INSTANT] [--at INSTANT]`,
    summary: 'A report over all organizations, to standard output (docs/guides/finance-exports.md).',
    run: async (words) => (await import('../commands/report.js')).report(words),
  },
  {
    words: ['accounts', 'list'],
    options: '[--json]',
    summary: 'The accounts of journal entries, with the numbers and names that finance has given them.',
    run: async (words) => (await import('../commands/accounts.js')).accountsList(words),
  },
  {
    words: ['accounts', 'name'],
    options: '--account KEY [--plan PRODUCT/PLAN] (--number TEXT --name TEXT | --reset)',
    summary: 'Give an account, or what of it is of one plan, a number and a name of your own chart, or take them back.',
    run: async (words) => (await import('../commands/accounts.js')).accountsName(words),
  },
];
