import type { BalanceEntry } from '../api/types.js';

/** What an entry of a balance is for: "Used for invoice INV-000042". */
export function entryTitle({ kind, invoiceNumber }: Pick<BalanceEntry, 'kind' | 'invoiceNumber'>): string {
  switch (kind) {
    case 'applied':
      return invoiceNumber === null ? 'Used for an invoice' : `Used for invoice ${invoiceNumber}`;
    case 'credit_note':
      return invoiceNumber === null ? 'Credit note' : `Credit note for invoice ${invoiceNumber}`;
    case 'refund_failed':
      return invoiceNumber === null ? 'Refund that failed' : `Refund of invoice ${invoiceNumber} that failed`;
    case 'released':
      return invoiceNumber === null ? 'Given back by a void invoice' : `Given back by void invoice ${invoiceNumber}`;
    case 'overpayment':
      return invoiceNumber === null
        ? 'Paid beyond what was due'
        : `Paid beyond what was due of invoice ${invoiceNumber}`;
    case 'excess_credit':
      return 'Credit for earlier usage';
    case 'adjustment':
      return 'Adjustment';
  }
}
