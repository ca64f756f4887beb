import { InvalidError } from '../problem/tollgate-error.js';

/**
 * ISO 4217 list one: how many decimal places the minor unit of each currency has. Codes for which ISO names no minor
 * unit (precious metals, units of account, XXX and XTS) are left out, as nothing can be paid in them.
 */
const codesByMinorDigits: Readonly<Record<number, string>> = {
  0: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF',
  2:
    'AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF ' +
    'CHW CNY COP COU CRC CUC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG ' +
    'HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK ' +
    'MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE ' +
    'SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XCD XCG YER ZAR ZMW ' +
    'ZWG',
  3: 'BHD IQD JOD KWD LYD OMR TND',
  4: 'CLF UYW',
};

const minorDigitsByCode: ReadonlyMap<string, number> = new Map(
  Object.entries(codesByMinorDigits).flatMap(([digits, codes]) =>
    codes.split(' ').map((code) => [code, Number(digits)] as const),
  ),
);

/** Every currency code that Tollgate can charge in, in upper case. */
export const currencyCodes: readonly string[] = [...minorDigitsByCode.keys()].toSorted();

/** True for an ISO 4217 code in upper case that has a minor unit. */
export function isCurrency(code: string): boolean {
  return minorDigitsByCode.has(code);
}

/**
 * The decimal places of a currency's minor unit: USD 2, JPY 0, KWD 3.
 * @throws InvalidError `unknown_currency` for anything but an upper-case ISO 4217 code.
 */
export function minorDigits(code: string): number {
  const digits = minorDigitsByCode.get(code);
  if (digits === undefined) {
    throw new InvalidError(
      'unknown_currency',
      `"${code}" is not a currency. Use an ISO 4217 code in upper case, such as USD or EUR.`,
    );
  }
  return digits;
}
