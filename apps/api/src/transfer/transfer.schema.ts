import { MAX_REFERENCE_LENGTH } from '#services';
import { z } from 'zod';
import { minorInput } from '../balance/balance.schema.js';
import { nextAfter, pageAfter, placeOf } from '../contract/page.schema.js';
import { id, instant, instantInput, money, organizationReference } from '../contract/value.schema.js';

const text = z.string().trim().max(MAX_REFERENCE_LENGTH);
const invoiceName = z.string().trim().min(1).max(64);
const eitherOne = (paid: { invoice?: string | undefined; organizationId?: string | undefined }) =>
  (paid.invoice === undefined) !== (paid.organizationId === undefined);
const day = z.string().describe('The day of the bank, such as 2026-03-31.');

export const transferInput = z
  .strictObject({
    invoice: invoiceName.optional().describe('The number or id of the invoice that it pays; or give organizationId.'),
    organizationId: id
      .optional()
      .describe('Whose open invoices it pays, those that were due first first; what is left goes to the balance.'),
    seller: z
      .string()
      .max(64)
      .optional()
      .describe('With organizationId: the slug of the seller; default: the one of publishers that name no other.'),
    currency: z.string().max(3).describe('ISO 4217 code.'),
    amountMinor: minorInput.describe('Whole minor units in digits, above zero.'),
    valueDate: day,
    reference: text.min(1).describe('What the payer wrote.'),
    sender: text.default(''),
    insist: z.boolean().default(false).describe('True for another one than one that looks the same.'),
  })
  .refine(eitherOne, { message: 'Give either invoice or organizationId.', path: ['invoice'] })
  .meta({ id: 'TransferInput' });

export const recordedTransfer = z
  .object({
    id,
    payments: z.array(z.object({ invoiceId: id, amount: money })).readonly(),
    kept: money.describe('What paid no invoice: it is in the balance.'),
  })
  .meta({ id: 'RecordedTransfer' });

export const transferQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  before: id.optional().describe('The `next` of the page before.'),
});

export const transferList = z
  .object({
    transfers: z
      .array(
        z
          .object({
            id,
            organization: organizationReference,
            seller: z.string().describe('The slug of the seller.'),
            amount: money.describe('Below zero for one that takes another back.'),
            valueDate: day,
            reference: z.string(),
            sender: z.string(),
            payments: z.array(z.object({ invoiceId: id, number: z.string().nullable(), amount: money })).readonly(),
            kept: money.describe('What paid no invoice: it is in the balance.'),
            reversesId: id.nullable(),
            reversedById: id.nullable().describe('The row that takes it back, or null.'),
            reason: z.string().nullable().describe('Why it takes another back.'),
            createdAt: instant,
          })
          .meta({ id: 'BankTransfer' }),
      )
      .readonly(),
    next: id.nullable().describe('The `before` of the next page, or null.'),
  })
  .meta({ id: 'BankTransferList' });

export const reversalReference = z
  .object({ reversalId: id.describe('The row that takes the transfer back.') })
  .meta({ id: 'ReversalReference' });

export const statementInput = z
  .strictObject({
    seller: z.string().max(64).optional().describe('The slug of the seller whose account it is of.'),
    fileName: z.string().trim().min(1).max(200),
    content: z
      .string()
      .min(1)
      .max(900_000)
      .describe('CSV with the columns date, amount, currency, reference and sender.'),
  })
  .meta({ id: 'BankStatementInput' });

export const importedStatement = z
  .object({
    recorded: z.array(z.object({ line: z.int(), transferId: id, invoiceNumber: z.string() })).readonly(),
    unmatched: z.array(z.object({ line: z.int(), hash: z.string(), problem: z.string() })).readonly(),
    known: z.int().describe('Rows that an earlier file had.'),
    outgoing: z.int().describe('Rows of money that went out.'),
  })
  .meta({ id: 'ImportedBankStatement' });

/** Where a list of rows goes on, as text: when it was imported, its line and its hash. */
const statementRowPlace = placeOf(
  z
    .tuple([instantInput, z.coerce.number<string>().int(), z.string()])
    .transform(([importedAt, line, hash]) => ({ importedAt, line, hash })),
  3,
);

export const statementRowQuery = pageAfter(statementRowPlace);

export const statementRowList = z
  .object({
    rows: z
      .array(
        z
          .object({
            hash: z.string(),
            fileName: z.string(),
            line: z.int(),
            seller: z.string(),
            amount: money,
            valueDate: day,
            reference: z.string(),
            sender: z.string(),
            problem: z.string().nullable().describe('Why no invoice was paid by it.'),
          })
          .meta({ id: 'BankStatementRow' }),
      )
      .readonly(),
    next: nextAfter,
  })
  .meta({ id: 'BankStatementRowList' });

export const rowHash = z.string().regex(/^[0-9a-f]{64}$/);

export const assignment = z
  .strictObject({
    invoice: invoiceName.optional().describe('The number or id of the invoice that it pays; or give organizationId.'),
    organizationId: id.optional(),
    insist: z.boolean().default(false).describe('True for another one than one that looks the same.'),
  })
  .refine(eitherOne, { message: 'Give either invoice or organizationId.', path: ['invoice'] })
  .meta({ id: 'BankStatementRowAssignment' });
