import type { CallPreview } from '../api/try-it.js';
import { formatAmount, isZero } from '../format/money.js';
import { formatQuantity, formatUnits, pluralOf } from '../format/number.js';
import type { LimitState } from './receipt-fields.js';

type Live = NonNullable<CallPreview['live']>;

/** What is left of the test calls of the day: as the gateway said last, else by the ledger. */
export function testCallsLeft(test: NonNullable<CallPreview['test']>, limits: readonly LimitState[]): string {
  const said = limits.find(({ name }) => name === 'test');
  const left = said ? said.remaining : Math.max(0, test.limit - test.used);
  return `${formatQuantity(left)} of ${formatQuantity(test.limit)} test calls left today`;
}

/** "5 requests: $0.0075", "up to 400 tokens: by what the call uses". */
export function meterWords({ unit, units, isMaximum, amount }: Live['meters'][number], currency: string): string {
  const what = `${isMaximum ? 'up to ' : ''}${formatUnits(units, unit)}`;
  if (amount === null) return `${what}: by what the call uses`;
  if (isZero(amount)) return `${what}: nothing more to pay`;
  return `${what}: ${isMaximum ? 'up to ' : ''}${formatAmount(amount, currency)}`;
}

const ANSWERS: Readonly<Record<string, string>> = { success: '2xx', redirect: '3xx', clientError: '4xx' };

/** With which answers a live call is billed. */
export function billedWords({ billedFor, meters }: Live): string {
  if (meters.length === 0) return 'Nothing counts this operation: calls cost nothing.';
  const classes = billedFor.flatMap((name) => ANSWERS[name] ?? []);
  if (classes.length === 0) return 'Answers to this operation are not billed.';
  return `Billed with ${classes.join(' and ')} answers only.`;
}

/** "monthly: 988 of 1,000 requests left". */
export function quotaWords({ name, limit, used, unit }: Live['quotas'][number]): string {
  const left = Math.max(0, limit - Number(used));
  return `${name}: ${formatQuantity(left)} of ${formatQuantity(limit)} ${pluralOf(unit)} left`;
}
