import type { Invoice, RatedLine, TierCharge } from '../api/types.js';
import type { Tone } from '../components/status-badge.js';
import { formatAmount, isZero } from '../format/money.js';
import { formatQuantity } from '../format/number.js';

export type InvoiceState = Invoice['state'];

export const invoiceStates = {
  draft: { label: 'Draft', tone: 'neutral', words: 'Computed, not yet issued.' },
  review: {
    label: 'In review',
    tone: 'warning',
    words: 'Looked at before it is issued. Its payer does not see it yet.',
  },
  locked: { label: 'Locked', tone: 'neutral', words: 'Looked at, and about to be issued.' },
  issued: { label: 'Issued', tone: 'info', words: 'Awaiting payment.' },
  paid: { label: 'Paid', tone: 'positive', words: 'Paid in full.' },
  past_due: {
    label: 'Past due',
    tone: 'danger',
    words: 'A payment failed. Update the card to keep your keys working.',
  },
  uncollectible: { label: 'Uncollectible', tone: 'danger', words: 'Still owed, though nobody collects it any more.' },
  void: { label: 'Void', tone: 'neutral', words: 'Withdrawn. Nothing is owed.' },
} as const satisfies Record<InvoiceState, { label: string; tone: Tone; words: string }>;

export function isInvoiceState(value: string): value is InvoiceState {
  return Object.hasOwn(invoiceStates, value);
}

/** How its state is called: one that is not collected by itself is carried. */
export function stateOf({ state, carriedAt }: Pick<Invoice, 'state' | 'carriedAt'>): { label: string; tone: Tone } {
  return state === 'issued' && carriedAt !== null ? { label: 'Carried', tone: 'info' } : invoiceStates[state];
}

/** What its state means for the payer. */
export function stateWords({
  state,
  paymentMethod,
  isHeld,
  carriedAt,
  collectedWith,
}: Pick<Invoice, 'state' | 'paymentMethod' | 'isHeld' | 'carriedAt' | 'collectedWith'>): string {
  if (isHeld && isUnpaid(state)) return 'Its amount is being checked. Nothing is charged until then.';
  if (state === 'issued' && carriedAt !== null)
    return collectedWith
      ? `Carried to invoice ${collectedWith.number ?? ''}, and collected with it.`
      : 'Carried to the next invoice: too small to be charged by itself. There is nothing to do.';
  if (state === 'past_due' && paymentMethod === 'transfer')
    return 'The day it was due has passed. Something is still owed.';
  return invoiceStates[state].words;
}

/** True for one that is issued, and neither paid nor void. */
export function isUnpaid(state: InvoiceState): boolean {
  return state === 'issued' || state === 'past_due' || state === 'uncollectible';
}

/** What people call an invoice: its number, or that it has none because nothing is owed or it is not issued yet. */
export function invoiceTitle({ number, state, total }: Pick<Invoice, 'number' | 'state' | 'total'>): string {
  if (number !== null) return number;
  const isUnissued = state === 'draft' || state === 'review' || state === 'locked';
  return isZero(total.amountMinor) && !isUnissued ? 'Nothing owed' : 'Draft invoice';
}

/** A usage line by the title of its meter, since quantity and tiers stand beside it; others by their description. */
export function lineTitle({ kind, description }: Pick<RatedLine, 'kind' | 'description'>, meterTitle?: string): string {
  if (
    kind === 'fixed_fee' ||
    kind === 'fixed_fee_credit' ||
    kind === 'setup_fee' ||
    kind === 'discount' ||
    kind === 'prepaid_credit' ||
    kind === 'credit_purchase'
  )
    return description;
  const title = meterTitle ?? description;
  return kind === 'minimum_commitment' && meterTitle !== undefined ? `${title}, minimum commitment` : title;
}

/** "1 – 10,000" for a tier that begins at 0 and ends at 10000; units are counted from the first one that is charged. */
export function tierSpanWords({ from, upTo }: Pick<TierCharge, 'from' | 'upTo'>): string {
  const first = formatQuantity(plusOne(from));
  return upTo === null ? `${first} and above` : `${first} – ${formatQuantity(upTo)}`;
}

/** "$0.0018 each", with the flat amount of the tier when it has one. */
export function tierRateWords(
  { unitAmount, flatAmount }: Pick<TierCharge, 'unitAmount' | 'flatAmount'>,
  currency: string,
): string {
  const rate = isZero(unitAmount) ? 'No charge' : `${formatAmount(unitAmount, currency)} each`;
  return isZero(flatAmount) ? rate : `${rate}, plus ${formatAmount(flatAmount, currency)} once`;
}

/** What a row of a line's breakdown is, and its units where they say something. `isOneOfMany`: with the span of its tier. */
export function chargeWords(
  charge: TierCharge,
  currency: string,
  isOneOfMany: boolean,
): { readonly label: string; readonly units: string } {
  const units = isZero(charge.units) ? '' : formatQuantity(charge.units);
  if (charge.basis === undefined) {
    const span = isOneOfMany ? `${tierSpanWords(charge)}: ` : '';
    return { label: `${span}${tierRateWords(charge, currency)}`, units: formatQuantity(charge.units) };
  }
  switch (charge.basis) {
    case 'included':
      return { label: 'Included in the plan', units };
    case 'conversion':
      return { label: `Counted as ${formatQuantity(charge.converted ?? '0')} priced units`, units };
    case 'discount_units':
      return { label: 'Priced units taken off', units };
    case 'package': {
      const packages = formatQuantity(charge.converted ?? '0');
      return { label: `Packages: ${packages} × ${formatAmount(charge.unitAmount, currency)}`, units };
    }
    case 'percentage': {
      const once = isZero(charge.flatAmount) ? '' : `, plus ${formatAmount(charge.flatAmount, currency)} once`;
      const span = isOneOfMany ? `${valueSpanWords(charge, currency)}: ` : '';
      return { label: `${span}${percentWords(charge.unitAmount)} of the value${once}`, units };
    }
    case 'event':
      return { label: `Calls: ${units} × ${formatAmount(charge.unitAmount, currency)}`, units: '' };
    case 'event_minimum':
      return { label: 'Up to the minimum for each call', units };
    case 'event_maximum':
      return { label: 'Down to the maximum for each call', units };
    case 'discount':
      return { label: 'Discount', units };
    case 'maximum':
      return { label: 'Down to the maximum of the plan', units };
    case 'charged_before':
      return { label: 'Charged before', units };
  }
}

/** "First $1,000.00", "$1,000.00 – $5,000.00": value has no first unit as calls have. */
function valueSpanWords({ from, upTo }: Pick<TierCharge, 'from' | 'upTo'>, currency: string): string {
  if (upTo === null) return `Above ${formatAmount(from, currency)}`;
  const most = formatAmount(upTo, currency);
  return isZero(from) ? `First ${most}` : `${formatAmount(from, currency)} – ${most}`;
}

/** "0.029" → "2.9%", digits kept. */
function percentWords(rate: string): string {
  const [whole = '0', fraction = ''] = rate.split('.');
  const digits = whole + fraction.padEnd(2, '0');
  const point = whole.length + 2;
  const percent = `${digits.slice(0, point)}.${digits.slice(point)}`.replace(/^0+(?=\d)/, '').replace(/\.?0*$/, '');
  return `${percent}%`;
}

/** True for a line that bills single calls, which can be looked at. */
export function isOfCalls({ kind }: Pick<RatedLine, 'kind'>): boolean {
  return kind === 'usage' || kind === 'late_usage';
}

/** Units of a line that cost nothing, because the plan includes them: those that no tier charges and no row tells. */
export function freeUnitsOf({ kind, quantity, breakdown }: Pick<RatedLine, 'kind' | 'quantity' | 'breakdown'>): number {
  if (!isOfCalls({ kind })) return 0;
  if (breakdown.some(({ basis }) => basis !== undefined)) return 0;
  return Math.max(0, Number(quantity) - breakdown.reduce((sum, { units }) => sum + Number(units), 0));
}

function plusOne(decimal: string): string {
  const [whole = '0'] = decimal.split('.');
  return (BigInt(whole) + 1n).toString();
}
