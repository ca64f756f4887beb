import type { InvoiceLine } from '../invoice/invoice.js';
import { InvalidError } from '../problem/tollgate-error.js';
import type { CreditNoteLine } from './credit-note.js';

/** A line of the invoice, in its place after the line before, with what earlier credit notes have given back of it, in minor units. */
export interface CreditableInvoiceLine extends Pick<InvoiceLine, 'id' | 'kind' | 'description' | 'amountMinor'> {
  readonly creditedMinor: bigint;
}

/** How much of which line; null for all that is left of it. */
export interface CreditedLine {
  readonly lineId: string;
  readonly amountMinor: bigint | null;
}

/**
 * The lines of a credit note: of the lines that are asked for, or with null of all that is left of the invoice. None gives
 * back more than is left of its line, less what a coupon has taken off that, and together they give back no more than `leftMinor`, what is left of the subtotal.
 * @throws InvalidError `credit_note_invalid`, naming the line
 */
export function creditLines(
  lines: readonly CreditableInvoiceLine[],
  leftMinor: bigint,
  asked: readonly CreditedLine[] | null,
): CreditNoteLine[] {
  const wanted = asked ?? lines.map(({ id }) => ({ lineId: id, amountMinor: null }));
  const credited = wanted.map(({ lineId, amountMinor }, index) => {
    const place = lines.findIndex(({ id }) => id === lineId);
    const line = lines[place];
    const field = `lines[${index}]`;
    if (!line) throw invalid(`${field}.lineId: the invoice has no line ${lineId}.`);
    if (wanted.findIndex((other) => other.lineId === lineId) !== index)
      throw invalid(`${field}.lineId: name each line once.`);
    const left = asked === null ? leftOf(line) : leftAlone(lines, place);
    const amount = amountMinor ?? left;
    if (amountMinor !== null && (amount <= 0n || amount > left))
      throw invalid(`${field}.amountMinor: expected 1 to ${left > 0n ? left : 0n}, what is left of the line.`);
    return { invoiceLineId: lineId, description: line.description, amountMinor: amount };
  });
  const given = credited.filter(({ amountMinor }) => amountMinor !== 0n);
  const total = given.reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
  if (total <= 0n) throw invalid('lines: nothing is left to give back.');
  if (total > leftMinor) throw invalid(`lines: together more than ${leftMinor}, what is left of the invoice.`);
  return given.map((line, index) => ({ position: index + 1, ...line }));
}

function leftOf({ amountMinor, creditedMinor }: CreditableInvoiceLine): bigint {
  return amountMinor - creditedMinor;
}

/** Of a line without the others: nobody has paid what a coupon took off it, which is on the next line, nor what went back to credits. */
function leftAlone(lines: readonly CreditableInvoiceLine[], place: number): bigint {
  const [line, next] = [lines[place]!, lines[place + 1]];
  if (line.kind === 'discount' || (line.kind === 'prepaid_credit' && line.amountMinor > 0n)) return 0n;
  return next?.kind === 'discount' ? leftOf(line) + leftOf(next) : leftOf(line);
}

function invalid(message: string): InvalidError {
  return new InvalidError('credit_note_invalid', message);
}
