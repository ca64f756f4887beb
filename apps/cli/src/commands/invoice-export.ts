import { NotFoundError } from '#domain';
import {
  type ServiceContext,
  exportInvoicesCsv,
  exportInvoicesXlsx,
  findCreditNoteDocument,
  findElectronicCreditNote,
  findElectronicInvoice,
  findInvoice,
  findInvoiceDocument,
  findInvoiceId,
  findInvoiceJson,
  renderCreditNotePdf,
  renderInvoicePdf,
} from '#services';
import { parseOptions } from '../arguments.js';
import { EXIT, UsageError } from '../exit.js';
import { print, printAll } from '../output.js';
import { withSession } from '../session.js';

type Print = (context: ServiceContext, invoiceId: string) => Promise<void>;

const invoiceFormats: Readonly<Record<string, Print>> = {
  ubl: async (context, invoiceId) => print((await findElectronicInvoice(context, { invoiceId })).xml),
  pdf: async (context, invoiceId) => print(await renderInvoicePdf(await findInvoiceDocument(context, { invoiceId }))),
  json: async (context, invoiceId) => {
    const { document } = await findInvoiceJson(context, { invoiceId });
    await print(`${JSON.stringify(document, null, 2)}\n`);
  },
  csv: (context, invoiceId) => printAll(exportInvoicesCsv(context, { invoiceId })),
  xlsx: (context, invoiceId) => printAll(exportInvoicesXlsx(context, { invoiceId })),
};

/** `tollgate invoice export`: one invoice, or a credit note of it, as a file on standard output. */
export async function invoiceExport(words: readonly string[]): Promise<number> {
  const [name, ...rest] = words;
  if (name === undefined || name.startsWith('-'))
    throw new UsageError('the number or id of an invoice is needed (--help shows how)');
  const { format, 'credit-note': number } = parseOptions(rest, {
    format: { type: 'string', default: 'json' },
    'credit-note': { type: 'string' },
  });
  if ((format === 'pdf' || format === 'xlsx') && process.stdout.isTTY)
    throw new UsageError(`--format ${format}: send it to a file, with > FILE.${format}`);
  const printInvoice = invoiceFormats[format];
  if (!printInvoice)
    throw new UsageError(`--format ${format}: expected one of ${Object.keys(invoiceFormats).join(', ')}`);
  if (number !== undefined && format !== 'ubl' && format !== 'pdf')
    throw new UsageError(`--format ${format}: a credit note is there as ubl and pdf`);
  await withSession(async ({ context }) => {
    const invoiceId = await findInvoiceId(context, name);
    if (number === undefined) return printInvoice(context, invoiceId);
    const { creditNotes } = await findInvoice(context, { invoiceId });
    const note = creditNotes.find((one) => one.number === number || one.id === number);
    if (!note) throw new NotFoundError('credit note');
    const reference = { invoiceId, creditNoteId: note.id };
    if (format === 'ubl') return print((await findElectronicCreditNote(context, reference)).xml);
    return print(await renderCreditNotePdf(await findCreditNoteDocument(context, reference)));
  });
  return EXIT.ok;
}
