import type { FillRandom } from '../id/uuid-v7.js';
import { CRC_LENGTH, checksumOf, randomBase62 } from './base62.js';

/** The parts of a token: a public id for look-up and logs, and the secret. */
export interface ParsedToken {
  readonly tokenId: string;
  readonly secret: string;
}

/**
 * A new token `{prefix}_{tokenId}_{secret}_{crc}`: 71 bits of public id, 190 bits of secret, both base62 from `fillRandom`,
 * and a CRC-32 over all before it. Its secret is kept as `hashApiKeySecret` makes it.
 */
export function generatePrefixedToken(
  prefix: string,
  fillRandom: FillRandom,
): { readonly token: string; readonly parsed: ParsedToken } {
  const parsed = { tokenId: randomBase62(12, fillRandom), secret: randomBase62(32, fillRandom) };
  const body = `${prefix}_${parsed.tokenId}_${parsed.secret}_`;
  return { token: body + checksumOf(body), parsed };
}

/** The parts of a well-formed token with that prefix whose checksum fits, else null. Costs no look-up. */
export function parsePrefixedToken(prefix: string, token: string): ParsedToken | null {
  const match = /^([a-z]+)_([0-9A-Za-z]{12})_([0-9A-Za-z]{32})_([0-9A-Za-z]{6})$/.exec(token);
  if (match?.[1] !== prefix || checksumOf(token.slice(0, token.length - CRC_LENGTH)) !== match[4]) return null;
  return { tokenId: match[2]!, secret: match[3]! };
}
