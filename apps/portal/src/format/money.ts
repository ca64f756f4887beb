import { exactly } from './number.js';

/**
 * A decimal amount in major units with its currency, every digit kept: ("0.0025", "USD") → "$0.0025",
 * ("29", "EUR") → "EUR 29.00". As on invoices, only US dollars get a sign: every other one is shared or unfamiliar.
 */
export function formatAmount(amount: string, currency: string): string {
  return inWords(formatOf(currency, 12), exactly(amount));
}

function formatOf(currency: string, maximumFractionDigits?: number): Intl.NumberFormat {
  return new Intl.NumberFormat('en-US', {
    style: 'currency',
    currency,
    currencyDisplay: currency === 'USD' ? 'symbol' : 'code',
    maximumFractionDigits,
  });
}

/** With a plain space after the code, as the server writes it. */
function inWords(format: Intl.NumberFormat, amount: Intl.StringNumericLiteral): string {
  return format.format(amount).replace('\u00A0', ' ');
}

/** Settled minor units as the server gives them, with the currency: ("123456", "USD") → "$1,234.56". */
export function formatMinor(amountMinor: bigint, currency: string): string {
  const format = formatOf(currency);
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  const sign = amountMinor < 0n ? '-' : '';
  const text = (amountMinor < 0n ? -amountMinor : amountMinor).toString().padStart(digits + 1, '0');
  const major = digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`;
  return inWords(format, exactly(`${sign}${major}`));
}

/** True for an amount of nothing, however many zeros it is written with. */
export function isZero(amount: string): boolean {
  return /^-?0*(\.0*)?$/.test(amount);
}

/** The sum of amounts per currency, in the order in which the currencies appear. */
export function sumByCurrency(amounts: readonly { amountMinor: string; currency: string }[]): readonly string[] {
  const sums = new Map<string, bigint>();
  for (const { amountMinor, currency } of amounts) {
    sums.set(currency, (sums.get(currency) ?? 0n) + BigInt(amountMinor));
  }
  return [...sums].map(([currency, sum]) => formatMinor(sum, currency));
}
