import { hash, timingSafeEqual } from 'node:crypto';
import { CRC_LENGTH, checksumOf, endsWithChecksum, isBase62, randomBase62 } from './base62.js';
import type { FillRandom } from '../id/uuid-v7.js';
import type { Mode } from '../usage/usage-event.js';

const KEY_ID_LENGTH = 12;
const SECRET_LENGTH = 32;
/** Where the parts of a key begin: both modes are words of four letters. */
const KEY_ID_AT = 'tg_live_'.length;
const SECRET_AT = KEY_ID_AT + KEY_ID_LENGTH + 1;
const CHECKSUM_AT = SECRET_AT + SECRET_LENGTH + 1;
const KEY_LENGTH = CHECKSUM_AT + CRC_LENGTH;

const HASH_LENGTH = 32;
/** Used again for each key: nothing is awaited while they are in use. */
const salted = Buffer.allocUnsafeSlow(256);
const candidate = Buffer.allocUnsafeSlow(HASH_LENGTH);

/** A pepper of the ring: a server secret mixed into every key's hash. */
export interface Pepper {
  readonly id: string;
  readonly secret: Buffer;
}

export interface ParsedApiKey {
  readonly mode: Mode;
  readonly keyId: string;
  readonly secret: string;
}

/**
 * A new key `tg_{mode}_{keyId}_{secret}_{crc}`: 71 bits of public id, 190 bits of secret, both base62 from `fillRandom`,
 * and a CRC-32 over all before it, so that a typo is refused without a look-up and secret scanners can match it.
 */
export function generateApiKey(
  mode: Mode,
  fillRandom: FillRandom,
): { readonly key: string; readonly parsed: ParsedApiKey } {
  const keyId = randomBase62(KEY_ID_LENGTH, fillRandom);
  const secret = randomBase62(SECRET_LENGTH, fillRandom);
  const body = `tg_${mode}_${keyId}_${secret}_`;
  return { key: body + checksumOf(body), parsed: { mode, keyId, secret } };
}

/** The parts of a well-formed key whose checksum fits, else null. Costs no look-up. */
export function parseApiKey(key: string): ParsedApiKey | null {
  if (key.length !== KEY_LENGTH || key[SECRET_AT - 1] !== '_' || key[CHECKSUM_AT - 1] !== '_') return null;
  const mode = key.startsWith('tg_live_') ? 'live' : key.startsWith('tg_test_') ? 'test' : null;
  if (mode === null) return null;
  const keyIdEnd = KEY_ID_AT + KEY_ID_LENGTH;
  const secretEnd = SECRET_AT + SECRET_LENGTH;
  if (!isBase62(key, KEY_ID_AT, keyIdEnd) || !isBase62(key, SECRET_AT, secretEnd) || !endsWithChecksum(key))
    return null;
  return { mode, keyId: key.slice(KEY_ID_AT, keyIdEnd), secret: key.slice(SECRET_AT, secretEnd) };
}

/**
 * SHA-256 over pepper and secret: 32 bytes. A fast hash is enough, as the secret has 190 random bits of its own; the
 * pepper keeps a stolen table useless for checking guesses.
 */
export function hashApiKeySecret(secret: string, pepper: Pepper): Buffer {
  return hash('sha256', Buffer.concat([pepper.secret, Buffer.from(secret, 'latin1')]), 'buffer');
}

/** True when the secret belongs to the stored hash; takes the same time whatever differs. */
export function matchesApiKeySecret(secret: string, pepper: Pepper, storedHash: Buffer): boolean {
  const length = pepper.secret.copy(salted);
  const end = length + salted.write(secret, length, 'latin1');
  // A digest as a string costs a quarter of one in a new buffer.
  candidate.write(hash('sha256', salted.subarray(0, end), 'latin1'), 'latin1');
  return storedHash.length === HASH_LENGTH && timingSafeEqual(candidate, storedHash);
}

/** How a key may be written in logs and on screens: without its secret. */
export function displayApiKey(mode: Mode, keyId: string): string {
  return `tg_${mode}_${keyId}`;
}
