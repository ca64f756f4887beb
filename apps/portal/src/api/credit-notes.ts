import { answerOf, client } from './client.js';

export interface CreditNoteInput {
  readonly reason: string;
  /** What is given back of which lines; null for all that is left of the invoice. */
  readonly lines: { lineId: string; amountMinor: string }[] | null;
}

export function issueCreditNote(invoiceId: string, body: CreditNoteInput) {
  return answerOf(
    client.POST('/api/v1/finance/invoices/{invoiceId}/credit-notes', { params: { path: { invoiceId } }, body }),
  );
}

export const CREDIT_NOTES_CSV = '/api/v1/finance/credit-notes.csv';

/** Where the browser downloads a credit note from; finance does without the organization. */
export function creditNoteHref(
  invoiceId: string,
  creditNoteId: string,
  organizationId?: string,
  format: 'pdf' | 'ubl' = 'pdf',
): string {
  const scope = organizationId === undefined ? 'finance' : `organizations/${organizationId}`;
  return `/api/v1/${scope}/invoices/${invoiceId}/credit-notes/${creditNoteId}/${format}`;
}
