import type { CreditNote, CreditNoteLine, CreditableInvoiceLine, InvoiceTax, Seller } from '#domain';
import { trimDecimal } from '../database/columns.js';
import type { Actor } from '../audit/audit-log.js';
import type { Transaction } from '../database/unit-of-work.js';

const COLUMNS = `note.id, note.organization_id AS "organizationId", note.invoice_id AS "invoiceId",
    note.seller_slug AS "sellerSlug", note.number, note.currency, note.subtotal_minor AS "subtotalMinor",
    note.tax_minor AS "taxMinor", note.total_minor AS "totalMinor", note.reduced_minor AS "reducedMinor", note.refunded_minor AS "refundedMinor", note.reason,
    note.issued_at AS "issuedAt"`;

/** Draws the next number of a seller's series of credit notes; as with invoices there are no gaps: draw it late. */
export async function drawCreditNoteSequence(
  transaction: Transaction,
  sellerSlug: string,
): Promise<{ readonly prefix: Seller['invoicePrefix']; readonly sequence: number }> {
  const [row] = await transaction.query<{ prefix: string; sequence: string }>(
    `WITH drawn AS (UPDATE seller SET last_credit_note_sequence = last_credit_note_sequence + 1 WHERE slug = $1
                    RETURNING invoice_prefix AS prefix, last_credit_note_sequence AS sequence)
     SELECT prefix, sequence FROM drawn`,
    [sellerSlug],
  );
  return { prefix: row!.prefix, sequence: Number(row!.sequence) };
}

/** The lines of an invoice, in order, with what credit notes have given back of each. */
export async function listCreditableLines(
  transaction: Transaction,
  invoiceId: string,
): Promise<CreditableInvoiceLine[]> {
  const rows = await transaction.query<
    Pick<CreditableInvoiceLine, 'id' | 'kind' | 'description'> & { amount: string; credited: string }
  >(
    `SELECT line.id, line.kind, line.description, line.amount_minor AS amount,
       (SELECT coalesce(sum(amount_minor), 0) FROM credit_note_line WHERE invoice_line_id = line.id) AS credited
     FROM invoice_line line WHERE line.invoice_id = $1 ORDER BY line.position`,
    [invoiceId],
  );
  return rows.map(({ id, kind, description, amount, credited }) => ({
    id,
    kind,
    description,
    amountMinor: BigInt(amount),
    creditedMinor: BigInt(credited),
  }));
}

/** Writes a credit note with its lines. The database refuses one that gives back too much. */
export async function insertCreditNote(
  transaction: Transaction,
  note: CreditNote,
  lines: readonly CreditNoteLine[],
  taxes: readonly InvoiceTax[],
  actor: Actor,
): Promise<void> {
  await transaction.query(
    `INSERT INTO credit_note (id, organization_id, invoice_id, seller_slug, number, currency, subtotal_minor, tax_minor,
       total_minor, reduced_minor, refunded_minor, reason, actor_kind, actor_id, issued_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
    [
      note.id,
      note.organizationId,
      note.invoiceId,
      note.sellerSlug,
      note.number,
      note.currency,
      note.subtotalMinor.toString(),
      note.taxMinor.toString(),
      note.totalMinor.toString(),
      note.reducedMinor.toString(),
      note.refundedMinor.toString(),
      note.reason,
      actor.kind,
      actor.id,
      note.issuedAt,
    ],
  );
  for (const { position, invoiceLineId, description, amountMinor } of lines) {
    await transaction.query(
      `INSERT INTO credit_note_line (credit_note_id, position, organization_id, invoice_line_id, description, amount_minor)
       VALUES ($1, $2, $3, $4, $5, $6)`,
      [note.id, position, note.organizationId, invoiceLineId, description, amountMinor.toString()],
    );
  }
  for (const { position, taxableMinor, taxMinor } of taxes) {
    await transaction.query(
      `INSERT INTO credit_note_tax (credit_note_id, position, organization_id, invoice_id, taxable_minor, tax_minor)
       VALUES ($1, $2, $3, $4, $5, $6)`,
      [note.id, position, note.organizationId, note.invoiceId, taxableMinor.toString(), taxMinor.toString()],
    );
  }
}

type MinorColumn = 'subtotalMinor' | 'taxMinor' | 'totalMinor' | 'reducedMinor' | 'refundedMinor';
type NoteRow = Omit<CreditNote, MinorColumn> & Readonly<Record<MinorColumn, string>>;

function toMinorColumns(row: Readonly<Record<MinorColumn, string>>): Readonly<Record<MinorColumn, bigint>> {
  return {
    subtotalMinor: BigInt(row.subtotalMinor),
    taxMinor: BigInt(row.taxMinor),
    totalMinor: BigInt(row.totalMinor),
    reducedMinor: BigInt(row.reducedMinor),
    refundedMinor: BigInt(row.refundedMinor),
  };
}

/** The credit notes of an invoice, oldest first. */
export function listCreditNotes(transaction: Transaction, invoiceId: string): Promise<CreditNote[]> {
  return listCreditNotesOf(transaction, [invoiceId]);
}

/** The credit notes of some invoices, those of one together, oldest first. */
export async function listCreditNotesOf(
  transaction: Transaction,
  invoiceIds: readonly string[],
): Promise<CreditNote[]> {
  const rows = await transaction.query<NoteRow>(
    `SELECT ${COLUMNS} FROM credit_note note WHERE note.invoice_id = ANY($1) ORDER BY note.invoice_id, note.id`,
    [[...invoiceIds]],
  );
  return rows.map((row) => ({ ...row, ...toMinorColumns(row) }));
}

/** The lines of a credit note, in order. */
export async function listCreditNoteLines(transaction: Transaction, creditNoteId: string): Promise<CreditNoteLine[]> {
  const rows = await transaction.query<Omit<CreditNoteLine, 'amountMinor'> & { amountMinor: string }>(
    `SELECT position, invoice_line_id AS "invoiceLineId", description, amount_minor AS "amountMinor"
     FROM credit_note_line WHERE credit_note_id = $1 ORDER BY position`,
    [creditNoteId],
  );
  return rows.map((row) => ({ ...row, amountMinor: BigInt(row.amountMinor) }));
}

/** The taxes that a credit note gives back, in order: none of an invoice of before taxes. */
export async function listCreditNoteTaxes(transaction: Transaction, creditNoteId: string): Promise<InvoiceTax[]> {
  type Row = Omit<InvoiceTax, 'taxableMinor' | 'taxMinor'> & { taxableMinor: string; taxMinor: string };
  const rows = await transaction.query<Row>(
    `SELECT credited.position, tax.category, tax.name, tax.percent, tax.country, tax.region,
       credited.taxable_minor AS "taxableMinor", credited.tax_minor AS "taxMinor"
     FROM credit_note_tax credited JOIN invoice_tax tax USING (invoice_id, position)
     WHERE credited.credit_note_id = $1 ORDER BY credited.position`,
    [creditNoteId],
  );
  return rows.map((row) => ({
    ...row,
    percent: trimDecimal(row.percent),
    taxableMinor: BigInt(row.taxableMinor),
    taxMinor: BigInt(row.taxMinor),
  }));
}

/** A line of a credit note with everything that a row of an export says. */
export interface ExportedCreditNoteLine extends Omit<CreditNote, 'id'> {
  readonly creditNoteId: string;
  readonly invoiceNumber: string;
  readonly organizationName: string;
  readonly position: number;
  readonly description: string;
  readonly amountMinor: bigint;
}

/** Where the next page of an export goes on. */
export type CreditNoteLineCursor = Pick<ExportedCreditNoteLine, 'creditNoteId' | 'position'>;

/** Which credit notes: every condition that is given must hold. */
export interface CreditNoteLineFilter {
  /** Only what this organization may see. */
  readonly organizationId?: string | undefined;
  /** The same of what finance sees. */
  readonly payerId?: string | undefined;
  readonly invoiceId?: string | undefined;
  /** Issued at this instant or later. */
  readonly from?: Date | undefined;
  /** Issued before this instant. */
  readonly to?: Date | undefined;
  /** A part of its number, of its invoice's or of the payer's name, in any case, or the whole id of the invoice. */
  readonly search?: string | undefined;
}

/** One page of the lines of credit notes, in the order in which these were made. */
export async function listCreditNoteLinePage(
  transaction: Transaction,
  { organizationId, payerId, invoiceId, from, to, search }: CreditNoteLineFilter,
  after: CreditNoteLineCursor | null,
  limit: number,
): Promise<ExportedCreditNoteLine[]> {
  type Row = Omit<ExportedCreditNoteLine, MinorColumn | 'amountMinor'> &
    Readonly<Record<MinorColumn | 'amountMinor', string>>;
  const rows = await transaction.query<Row>(
    `SELECT ${COLUMNS}, note.id AS "creditNoteId", invoice.number AS "invoiceNumber", organization.name AS "organizationName",
       line.position, line.description, line.amount_minor AS "amountMinor"
     FROM credit_note note JOIN credit_note_line line ON line.credit_note_id = note.id
     JOIN invoice ON invoice.id = note.invoice_id JOIN organization ON organization.id = note.organization_id
     WHERE ($1::uuid IS NULL OR (line.credit_note_id, line.position) > ($1, $2::integer))
       AND ($3::uuid IS NULL OR note.organization_id = $3) AND ($4::uuid IS NULL OR note.invoice_id = $4)
       AND ($5::timestamptz IS NULL OR note.issued_at >= $5) AND ($6::timestamptz IS NULL OR note.issued_at < $6)
       AND ($7::text IS NULL OR strpos(lower(note.number), lower($7)) > 0 OR strpos(lower(invoice.number), lower($7)) > 0
            OR strpos(lower(organization.name), lower($7)) > 0 OR note.invoice_id::text = lower($7))
     ORDER BY line.credit_note_id, line.position LIMIT $8`,
    [
      after?.creditNoteId ?? null,
      after?.position ?? null,
      organizationId ?? payerId ?? null,
      invoiceId ?? null,
      from ?? null,
      to ?? null,
      search ?? null,
      limit,
    ],
  );
  return rows.map((row) => ({ ...row, ...toMinorColumns(row), amountMinor: BigInt(row.amountMinor) }));
}
