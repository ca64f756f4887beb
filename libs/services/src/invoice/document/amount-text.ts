import { type TierCharge, formatMoney, groupThousands, minorDigits } from '#domain';

/**
 * An exact amount in major units with its currency and at least the decimal places of the currency: "0.0025" USD is
 * "$0.0025", "5" USD is "$5.00", "5" EUR is "EUR 5.00".
 */
export function exactMoney(amount: string, currency: string): string {
  if (amount.startsWith('-')) return `-${exactMoney(amount.slice(1), currency)}`;
  const [whole = '0', fraction = ''] = amount.split('.');
  const digits = fraction.padEnd(minorDigits(currency), '0');
  const zero = formatMoney(0n, currency);
  const prefix = zero.slice(0, zero.indexOf('0'));
  return `${prefix}${groupThousands(whole)}${digits === '' ? '' : `.${digits}`}`;
}

/** Which billable units a tier's charge is for, in words; `write` writes its bounds. */
export function tierLabel({ from, upTo }: TierCharge, write: (bound: string) => string = groupThousands): string {
  if (upTo === null) return from === '0' ? 'Every unit' : `Above ${write(from)}`;
  return from === '0' ? `First ${write(upTo)}` : `${write(from)} to ${write(upTo)}`;
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** The day in UTC: "28 Feb 2026". */
export function utcDate(at: Date): string {
  return `${at.getUTCDate()} ${months[at.getUTCMonth()]} ${at.getUTCFullYear()}`;
}

/** The minute in UTC: "28 Feb 2026, 10:00". */
export function utcMinute(at: Date): string {
  return `${utcDate(at)}, ${at.toISOString().slice(11, 16)}`;
}
