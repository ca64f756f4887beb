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

/** Eight digits, Stripe's limit for most currencies; twelve of rupiahs. */
function maximumAmount(code: string): number {
  return code === 'idr' ? 999_999_999_999 : 99_999_999;
}

/** Refuses what no card is charged. */
export function refuseTooMuch(amount: number, code: string, param: string): void {
  const most = maximumAmount(code);
  if (amount <= most) return;
  throw invalidRequest(`Amount must be no more than ${formatAmount(most, code)}`, param, 'amount_too_large');
}

/** What Stripe charges in (docs.stripe.com/currencies#presentment-currencies). */
const supported: ReadonlySet<string> = new Set(
  (
    'aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bhd bif bmd bnd bob brl bsd bwp byn bzd cad cdf chf clp cny cop crc cve ' +
    'czk djf dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gnf gtq gyd hkd hnl htg huf idr ils inr isk jmd jod jpy kes kgs khr kmf ' +
    'krw kwd kyd kzt lak lbp lkr lrd lsl mad mdl mga mkd mmk mnt mop mur mvr mwk mxn myr mzn nad ngn nio nok npr nzd omr pab pen pgk ' +
    'php pkr pln pyg qar ron rsd rub rwf sar sbd scr sek sgd shp sle sos srd std szl thb tjs tnd top try ttd twd tzs uah ugx usd uyu ' +
    'uzs vnd vuv wst xaf xcd xof xpf yer zar zmw'
  ).split(' '),
);

/** A three-letter code, which Stripe answers in lower case. */
export const currency: ParamReader<string> = (node, path) => {
  const value = text()(node, path).toLowerCase();
  if (!supported.has(value))
    throw invalidRequest(
      `Invalid currency: ${value}. Stripe currently supports these currencies: ${[...supported].join(', ')}`,
      path,
    );
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
