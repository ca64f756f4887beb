import { type CreditedLine, formatMoney } from '#domain';
import {
  type CreditNotePreview,
  type ServiceContext,
  findInvoice,
  findInvoiceId,
  issueCreditNote,
  previewCreditNote,
  proposeRefund,
} from '#services';
import { invoiceWord, parseOptions, required } from '../arguments.js';
import { EXIT, UsageError } from '../exit.js';
import { print, printJson } from '../output.js';
import { CLI_ACTOR, withSession } from '../session.js';

/** `tollgate invoice credit`: a credit note of an invoice, or of lines of it; `--preview` writes nothing. */
export function invoiceCredit(given: readonly string[]): Promise<number> {
  return credit(given, false, async (context, input) => {
    const { id, number, totalMinor, currency } = await issueCreditNote(context, input);
    const words = `Credit note ${number} over ${formatMoney(totalMinor, currency)} is issued.`;
    return { json: { id, number, totalMinor, currency }, words };
  });
}

/** `tollgate invoice refund`: proposes the same with the money back to the card; another person must approve it. */
export function invoiceRefund(given: readonly string[]): Promise<number> {
  return credit(given, true, async (context, input) => {
    const { id, state, amountMinor, creditedMinor, currency } = await proposeRefund(context, input);
    const words = `Proposed ${id}: another person of finance must approve ${formatMoney(amountMinor, currency)} to the card.`;
    return { json: { id, state, amountMinor, creditedMinor, currency }, words };
  });
}

type Given = Parameters<typeof issueCreditNote>[1];

async function credit(
  [word, ...rest]: readonly string[],
  isRefund: boolean,
  act: (context: ServiceContext, input: Given) => Promise<{ readonly json: object; readonly words: string }>,
): Promise<number> {
  const named = invoiceWord(word);
  const options = parseOptions(rest, {
    reason: { type: 'string' },
    line: { type: 'string', multiple: true },
    preview: { type: 'boolean' },
    json: { type: 'boolean' },
  });
  const asked = options.line?.map(parseLine) ?? null;
  const reason = options.preview ? '' : required(options.reason, '--reason TEXT');
  return withSession(async ({ context }) => {
    const invoiceId = await findInvoiceId(context, named);
    const lines = asked && (await linesAt(context, invoiceId, asked));
    if (options.preview) {
      const found = await previewCreditNote(context, { invoiceId, lines });
      await (options.json ? printJson(found) : print(describe(found, isRefund)));
      return EXIT.ok;
    }
    const { json, words } = await act(context, { invoiceId, lines, reason, actor: CLI_ACTOR });
    await (options.json ? printJson(json) : print(`${words}\n`));
    return EXIT.ok;
  });
}

interface AskedLine {
  readonly position: number;
  readonly amountMinor: bigint | null;
}

/** "2" for all that is left of the second line, "2=1250" for so many minor units of it. */
function parseLine(text: string): AskedLine {
  const [, position, amount] = /^([1-9]\d{0,5})(?:=(\d{1,16}))?$/.exec(text) ?? [];
  if (position === undefined)
    throw new UsageError(
      `--line ${text}: expected the number of a line, such as 2, or with minor units, such as 2=1250`,
    );
  return { position: Number(position), amountMinor: amount === undefined ? null : BigInt(amount) };
}

async function linesAt(
  context: ServiceContext,
  invoiceId: string,
  asked: readonly AskedLine[],
): Promise<CreditedLine[]> {
  const { lines } = await findInvoice(context, { invoiceId });
  return asked.map(({ position, amountMinor }) => {
    const line = lines.find((one) => one.position === position);
    if (!line) throw new UsageError(`--line ${position}: the invoice has lines 1 to ${lines.length}`);
    return { lineId: line.id, amountMinor };
  });
}

function describe({ lines, currency, ...found }: CreditNotePreview, isRefund: boolean): string {
  const cardMinor = isRefund ? found.refundableMinor : 0n;
  const balanceMinor = found.totalMinor - found.reducedMinor - cardMinor;
  const rows: (readonly [string, bigint])[] = [
    ...lines.map(({ description, amountMinor }) => [description, amountMinor] as const),
    ['Tax', found.taxMinor],
    ['Credited', found.totalMinor],
    ['Off what is due', found.reducedMinor],
    ['To the card', cardMinor],
    ['To the balance', balanceMinor],
  ];
  const shown = rows.filter(([, amountMinor]) => amountMinor !== 0n);
  return shown.map(([name, amountMinor]) => `${name}  ${formatMoney(amountMinor, currency)}\n`).join('');
}
