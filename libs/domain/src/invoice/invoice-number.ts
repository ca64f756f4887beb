import { InvalidError } from '../problem/tollgate-error.js';

const PREFIX = /^[A-Z0-9](?:[A-Z0-9-]{0,10}[A-Z0-9])?$/;

/**
 * The number printed on an invoice: ("TG", 42) → "TG-000042". Six digits at least, so that numbers sort as text for
 * the first million and stay right beyond it.
 * @param prefix 1 to 12 capital letters, digits or inner hyphens; one per legal entity.
 * @param sequence a whole number from 1, without gaps within the prefix.
 * @throws InvalidError `invalid_invoice_prefix` or `invalid_invoice_sequence`
 */
export function formatInvoiceNumber(prefix: string, sequence: number): string {
  if (!PREFIX.test(prefix)) {
    throw new InvalidError(
      'invalid_invoice_prefix',
      `"${prefix}" is not an invoice prefix. Use 1 to 12 capital letters, digits or inner hyphens, such as TG or ACME-DE.`,
    );
  }
  if (!Number.isSafeInteger(sequence) || sequence < 1) {
    throw new InvalidError('invalid_invoice_sequence', `${sequence} is not an invoice sequence: count from 1.`);
  }
  return `${prefix}-${sequence.toString().padStart(6, '0')}`;
}
