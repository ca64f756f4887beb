/**
 * The minor units of an amount as people write it ("12.50" in a currency of two places is "1250"); null when it is no
 * amount, or has more places than the currency.
 */
export function minorOfInput(text: string, currency: string): string | null {
  const match = /^(-?)([0-9]{1,12})(?:\.([0-9]+))?$/.exec(text.trim());
  if (!match) return null;
  const [, sign, whole = '', fraction = ''] = match;
  const places =
    new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
  if (fraction.length > places) return null;
  const minor = BigInt(whole + fraction.padEnd(places, '0'));
  return `${minor === 0n ? '' : sign}${minor}`;
}
