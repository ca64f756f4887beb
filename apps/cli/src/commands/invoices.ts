import {
  type ServiceContext,
  type TableFormat,
  exportCreditNotesCsv,
  exportInvoicesCsv,
  exportInvoicesNdjson,
  exportInvoicesXlsx,
  findOrganizationId,
  findReviewWindow,
  issueDueInvoices,
  issueReviewed,
  setReviewWindow,
} from '#services';
import { idFrom, parseInstant, parseOptions, required } from '../arguments.js';
import { EXIT, UsageError } from '../exit.js';
import { parseFormat } from '../format.js';
import { print, printAll } from '../output.js';
import { withSession } from '../session.js';

/** `tollgate invoices export`: the lines of issued invoices, or all that there is of them, streamed to standard output. */
export async function invoicesExport(words: readonly string[]): Promise<number> {
  const options = parseOptions(words, {
    format: { type: 'string', default: 'csv' },
    from: { type: 'string' },
    to: { type: 'string' },
  });
  const exportInvoices = exportsByFormat[parseFormat(options.format)];
  const span = spanOf(options);
  await withSession(({ context }) => printAll(exportInvoices(context, span)));
  return EXIT.ok;
}

/** `tollgate credit-notes export`: the lines of credit notes, streamed to standard output. */
export async function creditNotesExport(words: readonly string[]): Promise<number> {
  const span = spanOf(parseOptions(words, { from: { type: 'string' }, to: { type: 'string' } }));
  await withSession(({ context }) => printAll(exportCreditNotesCsv(context, span)));
  return EXIT.ok;
}

interface Span {
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
}

function spanOf({ from, to }: { readonly from?: string | undefined; readonly to?: string | undefined }): Span {
  return {
    from: from === undefined ? undefined : parseInstant(from, '--from'),
    to: to === undefined ? undefined : parseInstant(to, '--to'),
  };
}

const exportsByFormat: Readonly<
  Record<TableFormat, (context: ServiceContext, span: Span) => AsyncIterable<string | Uint8Array>>
> = { csv: exportInvoicesCsv, ndjson: exportInvoicesNdjson, xlsx: exportInvoicesXlsx };

/** `tollgate invoices issue`: the invoice whose review shall end now, or all whose review has ended. */
export async function invoicesIssue(words: readonly string[]): Promise<number> {
  const { invoice } = parseOptions(words, { invoice: { type: 'string' } });
  const invoiceId = invoice === undefined ? undefined : idFrom(invoice, '--invoice');
  await withSession(async ({ context }) => {
    if (invoiceId === undefined) {
      await print(`${await issueDueInvoices(context)} issued\n`);
      return;
    }
    const { number } = await issueReviewed(context, { invoiceId, actor: { kind: 'cli', id: null } });
    await print(`${number ?? 'issued without a number, as it is over nothing'}\n`);
  });
  return EXIT.ok;
}

/** `tollgate invoices review`: how long the invoices of an organization wait before they are issued. */
export async function invoicesReview(words: readonly string[]): Promise<number> {
  const options = parseOptions(words, { organization: { type: 'string' }, hours: { type: 'string' } });
  const organization = required(options.organization, '--organization');
  const hours = options.hours === undefined ? null : parseHours(options.hours);
  await withSession(async ({ context }) => {
    const organizationId = await findOrganizationId(context, organization);
    if (hours !== null) await setReviewWindow(context, { organizationId, hours, actor: { kind: 'cli', id: null } });
    await print(`${await findReviewWindow(context, organizationId)} hours\n`);
  });
  return EXIT.ok;
}

/** Digits only: of a text without any, as of a variable that is not set, `Number` would make 0, which ends all reviews. */
function parseHours(text: string): number {
  if (/^\d{1,4}$/.test(text)) return Number(text);
  throw new UsageError(`--hours ${text}: expected a whole number of hours, 0 for no review`);
}
