import type { Invoice, RatedLine, TierCharge } from '../api/types.js';
import type { Tone } from '../components/status-badge.js';
import { formatAmount, isZero } from '../format/money.js';
import { formatQuantity } from '../format/number.js';

export type InvoiceState = Invoice['state'];

export const invoiceStates = {
  draft: { label: 'Draft', tone: 'neutral', words: 'Computed, not yet issued.' },
  issued: { label: 'Issued', tone: 'info', words: 'Awaiting payment.' },
  paid: { label: 'Paid', tone: 'positive', words: 'Paid in full.' },
  past_due: {
    label: 'Past due',
    tone: 'danger',
    words: 'A payment failed. Update the card to keep your keys working.',
  },
  void: { label: 'Void', tone: 'neutral', words: 'Withdrawn. Nothing is owed.' },
} as const satisfies Record<InvoiceState, { label: string; tone: Tone; words: string }>;

export function isInvoiceState(value: string): value is InvoiceState {
  return Object.hasOwn(invoiceStates, value);
}

/** What people call an invoice: its number, or that it has none because nothing is owed or it is not issued yet. */
export function invoiceTitle({ number, state, total }: Pick<Invoice, 'number' | 'state' | 'total'>): string {
  if (number !== null) return number;
  return isZero(total.amountMinor) && state !== 'draft' ? 'Nothing owed' : 'Draft invoice';
}

/** A usage line by the title of its meter, since quantity and tiers stand beside it; others by their description. */
export function lineTitle({ kind, description }: Pick<RatedLine, 'kind' | 'description'>, meterTitle?: string): string {
  return kind === 'fixed_fee' ? description : (meterTitle ?? description);
}

/** "1 – 10,000" for a tier that begins at 0 and ends at 10000; units are counted from the first one that is charged. */
export function tierSpanWords({ from, upTo }: Pick<TierCharge, 'from' | 'upTo'>): string {
  const first = formatQuantity(plusOne(from));
  return upTo === null ? `${first} and above` : `${first} – ${formatQuantity(upTo)}`;
}

/** "$0.0018 each", with the flat amount of the tier when it has one. */
export function tierRateWords({ unitAmount, flatAmount }: TierCharge, currency: string): string {
  const rate = isZero(unitAmount) ? 'No charge' : `${formatAmount(unitAmount, currency)} each`;
  return isZero(flatAmount) ? rate : `${rate}, plus ${formatAmount(flatAmount, currency)} once`;
}

/** Units of a line that cost nothing, because the plan includes them: those that no tier charges. */
export function freeUnitsOf({ kind, quantity, breakdown }: Pick<RatedLine, 'kind' | 'quantity' | 'breakdown'>): number {
  if (kind === 'fixed_fee') return 0;
  return Math.max(0, Number(quantity) - breakdown.reduce((sum, { units }) => sum + Number(units), 0));
}

function plusOne(decimal: string): string {
  const [whole = '0'] = decimal.split('.');
  return (BigInt(whole) + 1n).toString();
}
