import { cutMinorOf, formatMinor } from '#domain';
import { type ExplainedLine, LINE_REQUEST_COLUMNS, cellText, csvRows, explainLine } from '#services';
import { invoiceWord, parseOptions, required } from '../arguments.js';
import { EXIT, UsageError } from '../exit.js';
import { print, printJson, remark } from '../output.js';
import { withSession } from '../session.js';

const cells = Object.values(LINE_REQUEST_COLUMNS);

/** `tollgate invoice explain`: the calls behind a line, and whether they come to its quantity. */
export async function invoiceExplain(words: readonly string[]): Promise<number> {
  const [word, ...rest] = words;
  const invoice = invoiceWord(word);
  const options = parseOptions(rest, {
    line: { type: 'string' },
    csv: { type: 'boolean' },
    json: { type: 'boolean' },
  });
  const text = required(options.line, '--line N');
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new UsageError(`--line ${text}: expected 1 for the first line, 2 …`);
  if (options.csv) await print(csvRows([Object.keys(LINE_REQUEST_COLUMNS)]));
  const explained = await withSession(({ context }) =>
    explainLine(context, { invoice, line: Number(text) }, async (event) => {
      if (!options.csv) return;
      await print(csvRows([cells.map((cell) => cellText(cell(event)))]));
    }),
  );
  if (options.json) await printJson(explained);
  else if (options.csv) remark(verdict(explained));
  else await print(describe(explained));
  return explained.agrees ? EXIT.ok : EXIT.negative;
}

function describe(explained: ExplainedLine): string {
  const { invoice, line } = explained;
  return [
    `${invoice.number ?? invoice.id}, line ${line.position}: ${line.description}`,
    `  period   ${line.periodStart.toISOString()}, billed with that of ${invoice.periodStart.toISOString()}`,
    `  quantity ${line.quantity}`,
    ...line.breakdown.map(
      ({ basis = 'tier', from, upTo, units, unitAmount, flatAmount, amount: part }) =>
        `  ${basis.padEnd(14)} ${from} to ${upTo ?? 'any'}: ${units} × ${unitAmount} + ${flatAmount} = ${part}`,
    ),
    `  amount   ${line.unroundedAmount}, rounded once: ${amountWords(explained)}`,
    `  input    ${line.inputHash}`,
    verdict(explained),
    '',
  ].join('\n');
}

/** Also what of it went to the balance: without that nobody could derive the rest. */
function amountWords({ invoice, line }: ExplainedLine): string {
  const money = (amountMinor: bigint) => `${formatMinor(amountMinor, invoice.currency)} ${invoice.currency}`;
  const cutMinor = cutMinorOf(line, invoice);
  if (cutMinor === 0n) return money(line.amountMinor);
  return `${money(line.amountMinor - cutMinor)}, ${money(-cutMinor)} of it to the balance: ${money(line.amountMinor)}`;
}

function verdict({ aggregation, eventCount, units, line, agrees }: ExplainedLine): string {
  if (aggregation === null) return 'The line is not of single calls.';
  const events = `${eventCount} ${eventCount === 1 ? 'call' : 'calls'} (${aggregation}) come to ${units}`;
  return agrees ? `${events}: the quantity of the line.` : `${events}, and the line says ${line.quantity}.`;
}
