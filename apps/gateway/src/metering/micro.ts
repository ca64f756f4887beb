import type { DecimalString } from '#domain';

/** Digits after the point that quotas reckon with. */
const places = 6;

/** A quantity in millionths of a unit, rounded up; exact up to nine thousand million units. */
export function microOf(quantity: DecimalString): number {
  const [whole = '0', fraction = ''] = quantity.split('.');
  const micro = Number(whole + fraction.slice(0, places).padEnd(places, '0'));
  return /[1-9]/.test(fraction.slice(places)) ? micro + 1 : micro;
}
