import type { FillRandom } from '../id/uuid-v7.js';
import { type ParsedToken, generatePrefixedToken, parsePrefixedToken } from './prefixed-token.js';

const PREFIX = 'tgi';

/** What may report usage for a publisher team, and nothing else. */
export type ParsedIngestToken = ParsedToken;

/** A new token `tgi_…`; see `generatePrefixedToken`. */
export function generateIngestToken(fillRandom: FillRandom): {
  readonly token: string;
  readonly parsed: ParsedIngestToken;
} {
  return generatePrefixedToken(PREFIX, fillRandom);
}

/** The parts of a well-formed token whose checksum fits, else null. Costs no look-up. */
export function parseIngestToken(token: string): ParsedIngestToken | null {
  return parsePrefixedToken(PREFIX, token);
}
