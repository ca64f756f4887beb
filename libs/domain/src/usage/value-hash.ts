import { hash } from 'node:crypto';

/** Of a stored value: half a SHA-256, so that no two values of a subscription are ever taken for one. */
const BYTES = 16;
const VALUE_HASH = /^[0-9a-f]{32}$/;

/**
 * A value that a meter counts once, as 16 bytes in hex: always as long, whatever was sent, and another one for each
 * subscription and meter, so that the same person cannot be found again elsewhere by comparing. It is a pseudonym and
 * not a secret: who can guess a value can check the guess.
 */
export function valueHash(subscriptionId: string, meter: string, value: string): string {
  return hash('sha256', `${subscriptionId}\n${meter}\n${value}`, 'hex').slice(0, 2 * BYTES);
}

/** True for what `valueHash` returns. */
export function isValueHash(value: unknown): value is string {
  return typeof value === 'string' && VALUE_HASH.test(value);
}
