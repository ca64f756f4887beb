import { exportInvoicesCsv } from '#services';
import { parseInstant, parseOptions } from '../arguments.js';
import { EXIT, UsageError } from '../exit.js';
import { print } from '../output.js';
import { withSession } from '../session.js';

/** `tollgate invoices export`: every line of every invoice, streamed to standard output. */
export async function invoicesExport(words: readonly string[]): Promise<number> {
  const options = parseOptions(words, {
    format: { type: 'string', default: 'csv' },
    from: { type: 'string' },
    to: { type: 'string' },
  });
  if (options.format !== 'csv') throw new UsageError(`--format ${options.format}: only csv is there`);
  const from = options.from === undefined ? undefined : parseInstant(options.from, '--from');
  const to = options.to === undefined ? undefined : parseInstant(options.to, '--to');
  await withSession(async ({ context }) => {
    for await (const chunk of exportInvoicesCsv(context, { from, to })) await print(chunk);
  });
  return EXIT.ok;
}
