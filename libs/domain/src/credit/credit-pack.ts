import type { DecimalString } from '../catalog/plan-definition.js';
import { minorDigits } from '../money/currency.js';
import { parseDecimal } from '../money/decimal.js';
import { toMinorUnits } from '../money/minor-units.js';
import { roundingStepMinor } from '../payment/rounding-step.js';
import { InvalidError } from '../problem/tollgate-error.js';

/**
 * What a product sells of credits: a fixed amount for a price, or an amount of the buyer's own choice between two bounds,
 * for as much. In major units of `currency`, before tax.
 */
export interface CreditPack {
  readonly slug: string;
  readonly title: string;
  readonly currency: string;
  /** Of a fixed pack. */
  readonly price?: DecimalString | undefined;
  /** Of a fixed pack: what it grants. */
  readonly credits?: DecimalString | undefined;
  /** Of one with an amount of the buyer's choice. */
  readonly minimum?: DecimalString | undefined;
  readonly maximum?: DecimalString | undefined;
  /** How long the credits can be used from the payment on; absent: for ever. */
  readonly validDays?: number | undefined;
}

/** What is charged for a pack before tax, and what it grants. Minor units. */
export interface PackAmounts {
  readonly priceMinor: bigint;
  readonly creditedMinor: bigint;
}

/**
 * What a pack costs and grants; `amountMinor` is the buyer's choice, of a pack that leaves it to them.
 * @throws InvalidError `credit_amount_invalid` when it is missing, not to be chosen, or out of bounds
 */
export function packAmounts(pack: CreditPack, amountMinor: bigint | null): PackAmounts {
  const { currency, price, credits, minimum, maximum } = pack;
  const minor = (amount: DecimalString) => toMinorUnits(parseDecimal(amount, 'amount'), currency);
  if (price !== undefined && credits !== undefined) {
    if (amountMinor !== null) throw invalid(`${pack.title} has a fixed amount: leave it out.`);
    return { priceMinor: minor(price), creditedMinor: minor(credits) };
  }
  const [least, most] = [minor(minimum ?? '0'), minor(maximum ?? '0')];
  if (amountMinor === null || amountMinor < least || amountMinor > most)
    throw invalid(`choose an amount from ${minimum} to ${maximum} ${currency}.`);
  const step = BigInt(roundingStepMinor(currency));
  if (amountMinor % step !== 0n) throw invalid(`amounts of ${currency} are collected in steps of ${step} minor units.`);
  return { priceMinor: amountMinor, creditedMinor: amountMinor };
}

/** True for an amount in major units that can be collected in its currency, and that is more than nothing. */
export function isPackAmount(amount: DecimalString, currency: string): boolean {
  const exact = parseDecimal(amount, 'amount');
  const minor = exact.times(10 ** minorDigits(currency));
  return exact.gt(0) && exact.lte('1e10') && minor.mod(roundingStepMinor(currency)).eq(0);
}

function invalid(message: string): InvalidError {
  return new InvalidError('credit_amount_invalid', `amountMinor: ${message}`);
}
