import { hasOwnKeyForm } from '#domain';
import type { Exchange } from '../exchange.js';
import { type CredentialStore, NO_CREDENTIAL } from '../snapshot/credential-store.js';
import type { KeyPlacesEntry } from './key-places.js';

/** `presented`: one key, in one place or in several. */
export type PresentedKeyVerdict = 'presented' | 'missing' | 'conflicting_keys';

/**
 * Finds the key that a request carries, in the places of its API version, and keeps it in the exchange. Keys that differ
 * are refused, wherever they are: no place wins over another. Marks what must not reach the upstream, and takes the key
 * out of the query at once, so that nothing later sees it there.
 *
 * A header of the version's own is always meant as a key. `Authorization` may be for the upstream: it counts when what
 * it holds looks like a key of ours or is an imported one.
 */
export function findPresentedKey(
  exchange: Exchange,
  places: KeyPlacesEntry,
  credentials: CredentialStore,
): PresentedKeyVerdict {
  const { head } = exchange;
  if (places.hasUsualHeader) {
    if (head.hasConflictingKeys) return 'conflicting_keys';
    exchange.presentedKey = head.apiKey;
  } else if (!takeFromHeader(exchange, places.header)) return 'conflicting_keys';
  for (const authorization of head.authorizations) {
    const token = tokenOf(authorization);
    if (token === null || !isKey(token.text, credentials)) continue;
    exchange.isAuthorizationKey = true;
    if (places[token.place] && !take(exchange, token.text)) return 'conflicting_keys';
  }
  if (places.queryParameter !== null && exchange.query.length > 1 && !takeFromQuery(exchange, places.queryParameter)) {
    return 'conflicting_keys';
  }
  return exchange.presentedKey === null ? 'missing' : 'presented';
}

/** False when another key was presented before. */
function take(exchange: Exchange, key: string): boolean {
  if (exchange.presentedKey !== null && exchange.presentedKey !== key) return false;
  exchange.presentedKey = key;
  return true;
}

function takeFromHeader(exchange: Exchange, header: string): boolean {
  const { rawHeaders } = exchange.head;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]!;
    if (name.length !== header.length || name.toLowerCase() !== header) continue;
    if (!take(exchange, rawHeaders[index + 1]!)) return false;
  }
  return true;
}

/** All values of the parameter; names are compared after decoding, as the upstream might. */
function takeFromQuery(exchange: Exchange, parameter: string): boolean {
  let isSole = true;
  const kept = exchange.query
    .slice(1)
    .split('&')
    .filter((pair) => {
      const end = pair.indexOf('=');
      const name = end === -1 ? pair : pair.slice(0, end);
      if (decoded(name) !== parameter) return true;
      if (!take(exchange, end === -1 ? '' : decoded(pair.slice(end + 1)))) isSole = false;
      return false;
    });
  exchange.query = kept.length === 0 ? '' : `?${kept.join('&')}`;
  return isSole;
}

function decoded(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function isKey(token: string, credentials: CredentialStore): boolean {
  return hasOwnKeyForm(token) || (credentials.hasImported && credentials.findImported(token) !== NO_CREDENTIAL);
}

interface Token {
  readonly place: 'bearer' | 'basicUser';
  readonly text: string;
}

const BEARER = /^bearer +(\S+)[ \t]*$/i;
const BASIC = /^basic +([A-Za-z0-9+/_-]+={0,2})[ \t]*$/i;

/** The token of a bearer, or the user name of basic credentials; null for other schemes and for what is malformed. */
function tokenOf(authorization: string): Token | null {
  const bearer = BEARER.exec(authorization);
  if (bearer) return { place: 'bearer', text: bearer[1]! };
  const basic = BASIC.exec(authorization);
  if (!basic) return null;
  const credentials = Buffer.from(basic[1]!, 'base64').toString('utf8');
  const end = credentials.indexOf(':');
  return end === -1 ? null : { place: 'basicUser', text: credentials.slice(0, end) };
}
