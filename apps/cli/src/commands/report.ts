import { reportNames, reportTable, writeTable } from '#services';
import { parseInstant, parseOptions } from '../arguments.js';
import { EXIT, UsageError } from '../exit.js';
import { parseFormat } from '../format.js';
import { printAll } from '../output.js';
import { withSession } from '../session.js';

/** `tollgate report NAME`: a report over all organizations, streamed to standard output. */
export async function report(words: readonly string[]): Promise<number> {
  const [name, ...rest] = words;
  const found = reportNames.find((known) => known === name);
  if (!found) throw new UsageError(`${name ?? 'report'}: expected one of ${reportNames.join(', ')}`);
  const options = parseOptions(rest, {
    format: { type: 'string', default: 'csv' },
    from: { type: 'string' },
    to: { type: 'string' },
    at: { type: 'string' },
  });
  const format = parseFormat(options.format);
  const instant = (name: 'from' | 'to' | 'at') =>
    options[name] === undefined ? undefined : parseInstant(options[name], `--${name}`);
  const of = { from: instant('from'), to: instant('to'), at: instant('at') };
  await withSession(({ context }) =>
    printAll(writeTable(reportTable(context, found, of), format, context.clock.now())),
  );
  return EXIT.ok;
}
