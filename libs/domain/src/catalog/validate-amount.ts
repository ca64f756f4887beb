import { isCurrency, minorDigits } from '../money/currency.js';
import { decimalPlaces, isDecimal, parseDecimal } from '../money/decimal.js';
import type { Settling } from '../money/minor-units.js';
import type { DecimalString } from './plan-definition.js';
import type { PlanFault } from './plan-fault.js';

export function decimalFaults(text: string, path: string): PlanFault[] {
  if (isDecimal(text)) return [];
  const message =
    `${JSON.stringify(text)} is not a decimal such as "12.5": not negative, no exponent, ` +
    'at most 26 digits before the point and 12 after it.';
  return [{ path, message }];
}

/** As `decimalFaults`; nothing is wrong with what is absent. */
export function optionalFaults(text: DecimalString | undefined, path: string): PlanFault[] {
  return text === undefined ? [] : decimalFaults(text, path);
}

/** The digits before the point of any amount of money: what a period costs fits the 64 bits of its minor units then. */
const AMOUNT_DIGITS = 12;

/** Money for something: exact, and not beyond all that is ever paid. */
export function moneyFaults(text: DecimalString, path: string): PlanFault[] {
  const faults = decimalFaults(text, path);
  if (faults.length > 0 || text.split('.')[0]!.length <= AMOUNT_DIGITS) return faults;
  return [{ path, message: `An amount has at most ${AMOUNT_DIGITS} digits before the point; "${text}" has more.` }];
}

/** As `moneyFaults`; nothing is wrong with what is absent. */
export function optionalMoneyFaults(text: DecimalString | undefined, path: string): PlanFault[] {
  return text === undefined ? [] : moneyFaults(text, path);
}

/** An amount that is charged as it stands: it has no more places than the currency. */
export function amountFaults(
  text: DecimalString,
  path: string,
  { currency, roundingStepMinor = 1 }: Settling,
): PlanFault[] {
  const faults = moneyFaults(text, path);
  if (faults.length > 0 || !isCurrency(currency)) return faults;
  const digits = minorDigits(currency);
  const amount = parseDecimal(text);
  if (decimalPlaces(amount) > digits)
    return [{ path, message: `${currency} has ${digits} decimal places; "${text}" has more.` }];
  if (amount.times(`1e${digits}`).mod(roundingStepMinor).eq(0)) return [];
  return [
    { path, message: `${currency} is paid in steps of ${roundingStepMinor} minor units; "${text}" is between two.` },
  ];
}

/** A number that something is divided or counted by. */
export function positiveFaults(text: DecimalString, path: string): PlanFault[] {
  const faults = decimalFaults(text, path);
  if (faults.length > 0 || parseDecimal(text).gt(0)) return faults;
  return [{ path, message: 'It must be more than 0.' }];
}

/** A share of something: with at most 10 places, so that what it is multiplied by has no more than a price. */
export function percentFaults(text: DecimalString, path: string, most?: number): PlanFault[] {
  const faults = decimalFaults(text, path);
  if (faults.length > 0) return faults;
  if (decimalPlaces(parseDecimal(text)) > 10)
    return [{ path, message: `A percentage has at most 10 decimal places; "${text}" has more.` }];
  if (most !== undefined && parseDecimal(text).gt(most))
    return [{ path, message: `It must be at most ${most}, as it is per cent; "${text}" is more.` }];
  return [];
}
