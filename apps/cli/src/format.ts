import { type TableFormat, tableFormats } from '#services';
import { UsageError } from './exit.js';

/** The value of `--format`; a workbook is not for terminals. */
export function parseFormat(text: string, isTerminal = process.stdout.isTTY): TableFormat {
  const format = tableFormats.find((known) => known === text);
  if (!format) throw new UsageError(`--format ${text}: expected ${tableFormats.join(', ')}`);
  if (format === 'xlsx' && isTerminal) throw new UsageError('--format xlsx: send it to a file, with > FILE.xlsx');
  return format;
}
