import { text, type ParamReader } from '../http/params.js';
import { invalidRequest } from '../http/stripe-fault.js';

/** The least amount that Stripe charges to a card, in minor units (docs.stripe.com/currencies#minimum-and-maximum-charge-amounts). */
const minimumCharges: Readonly<Record<string, number>> = {
  aed: 200,
  aud: 50,
  brl: 50,
  cad: 50,
  chf: 50,
  czk: 1500,
  dkk: 250,
  eur: 50,
  gbp: 30,
  hkd: 400,
  huf: 17_500,
  inr: 50,
  jpy: 50,
  mxn: 1000,
  myr: 200,
  nok: 300,
  nzd: 50,
  pln: 200,
  ron: 200,
  sek: 300,
  sgd: 50,
  thb: 1000,
  usd: 50,
};

/** The least charge in minor units; half a unit of a hundred where Stripe publishes none. */
export function minimumCharge(code: string): number {
  return minimumCharges[code] ?? 50;
}

/** Eight digits, Stripe's limit for most currencies. */
export const maximumAmount = 99_999_999;

/** A three-letter code, which Stripe answers in lower case. */
export const currency: ParamReader<string> = (node, path) => {
  const value = text()(node, path).toLowerCase();
  if (!/^[a-z]{3}$/.test(value)) throw invalidRequest(`Invalid currency: ${value}.`, path);
  return value;
};

/** The currencies of Stripe that do not count what others count as their smallest unit, with its decimal places. */
const ownDecimals: Readonly<Record<string, number>> = { isk: 2, mga: 0, ugx: 2 };

/** What amounts that are charged must be multiples of (docs.stripe.com/currencies#special-cases); 1 for most currencies. */
const steps: Readonly<Record<string, number>> = { bhd: 10, isk: 100, jod: 10, kwd: 10, omr: 10, tnd: 10, ugx: 100 };

/** Refuses to charge a part of what can be paid in a currency. */
export function refuseFraction(amount: number, code: string): void {
  const step = steps[code] ?? 1;
  if (amount % step === 0) return;
  throw invalidRequest(
    `Invalid amount. Charged amounts of ${code.toUpperCase()} must be evenly divisible by ${step}.`,
    'amount',
    'invalid_charge_amount_no_decimal_compatible',
  );
}

/** The amount as a person reads it, with as many decimals as the currency has. */
export function formatAmount(amount: number, code: string): string {
  const known = ownDecimals[code];
  const format = new Intl.NumberFormat('en', {
    style: 'currency',
    currency: code.toUpperCase(),
    ...(known !== undefined && { minimumFractionDigits: known, maximumFractionDigits: known }),
  });
  const decimals = format.resolvedOptions().maximumFractionDigits ?? 2;
  const digits = String(Math.abs(amount)).padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  const fraction = decimals === 0 ? '' : `.${digits.slice(-decimals)}`;
  return format.format(`${amount < 0 ? '-' : ''}${whole}${fraction}` as Intl.StringNumericLiteral);
}
