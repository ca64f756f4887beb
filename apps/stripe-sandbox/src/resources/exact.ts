/** Exact decimals with twelve places, held as whole numbers of 10⁻¹². */
export type Exact = bigint;

const places = 12;
export const one: Exact = 10n ** BigInt(places);

/** Reads a decimal with at most twelve places. */
export function toExact(text: string): Exact {
  const [whole = '', fraction = ''] = text.replace('-', '').split('.');
  const digits = BigInt(`${whole}${fraction.padEnd(places, '0')}`);
  return text.startsWith('-') ? -digits : digits;
}

/** The shortest decimal. */
export function exactToText(value: Exact): string {
  const digits = String(value < 0n ? -value : value).padStart(places + 1, '0');
  const fraction = digits.slice(-places).replace(/0+$/, '');
  return `${value < 0n ? '-' : ''}${digits.slice(0, -places)}${fraction === '' ? '' : `.${fraction}`}`;
}

/** a × b ÷ c, rounded to a whole number, halves away from zero. */
export function roundedShare(a: bigint, b: bigint, c: bigint): number {
  const product = a * b;
  const magnitude = product < 0n ? -product : product;
  const rounded = (2n * magnitude + c) / (2n * c);
  return Number(product < 0n ? -rounded : rounded);
}
