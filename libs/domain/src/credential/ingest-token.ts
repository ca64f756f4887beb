import type { FillRandom } from '../id/uuid-v7.js';
import { CRC_LENGTH, checksumOf, randomBase62 } from './base62.js';

const TOKEN = /^tgi_([0-9A-Za-z]{12})_([0-9A-Za-z]{32})_([0-9A-Za-z]{6})$/;

/** What may report usage for a publisher team, and nothing else. */
export interface ParsedIngestToken {
  /** Public: for look-up and logs. */
  readonly tokenId: string;
  readonly secret: string;
}

/**
 * A new token `tgi_{tokenId}_{secret}_{crc}`: 71 bits of public id, 190 bits of secret, both base62 from `fillRandom`,
 * and a CRC-32 over all before it. Its secret is kept as `hashApiKeySecret` makes it.
 */
export function generateIngestToken(fillRandom: FillRandom): {
  readonly token: string;
  readonly parsed: ParsedIngestToken;
} {
  const parsed = { tokenId: randomBase62(12, fillRandom), secret: randomBase62(32, fillRandom) };
  const body = `tgi_${parsed.tokenId}_${parsed.secret}_`;
  return { token: body + checksumOf(body), parsed };
}

/** The parts of a well-formed token whose checksum fits, else null. Costs no look-up. */
export function parseIngestToken(token: string): ParsedIngestToken | null {
  const match = TOKEN.exec(token);
  if (!match || checksumOf(token.slice(0, token.length - CRC_LENGTH)) !== match[3]) return null;
  return { tokenId: match[1]!, secret: match[2]! };
}
