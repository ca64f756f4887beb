import { type Pepper, hasOwnKeyForm, parseApiKey } from '#domain';
import type { Exchange } from '../exchange.js';
import { type CredentialEntry, type CredentialStore, NO_CREDENTIAL } from '../snapshot/credential-store.js';
import type { Snapshot } from '../snapshot/snapshot.js';
import { findPresentedKey } from './presented-key.js';

/** Why a key does not open. */
export type KeyFault = 'malformed' | 'unknown' | 'wrong_secret' | 'pepper_missing' | 'expired' | 'revoked';

/** The credential of the request's key, or why there is none. */
export type AuthenticationVerdict = CredentialEntry | 'conflicting_keys' | 'missing' | KeyFault;

/** Finds out whose key the request carries. */
export function authenticate(
  exchange: Exchange,
  { credentials }: Snapshot,
  peppers: ReadonlyMap<string, Pepper>,
): AuthenticationVerdict {
  const presented = findPresentedKey(exchange, exchange.operation!.version.keyPlaces, credentials);
  if (presented !== 'presented') return presented;
  return openKey(exchange.presentedKey!, credentials, peppers, exchange.admittedMs);
}

/**
 * The credential of a key. All is in memory, so an unknown key costs the database nothing; one of ours whose checksum
 * fails costs no look-up there either.
 */
export function openKey(
  key: string,
  credentials: CredentialStore,
  peppers: ReadonlyMap<string, Pepper>,
  nowMs: number,
): CredentialEntry | KeyFault {
  const found = hasOwnKeyForm(key) ? findOwn(key, credentials, peppers) : findImported(key, credentials);
  if (typeof found === 'string') return found;
  if (credentials.isRevoked(found)) return 'revoked';
  if (credentials.hasExpired(found, nowMs)) return 'expired';
  return credentials.entry(found);
}

/** The index of a key that Tollgate made. */
function findOwn(key: string, credentials: CredentialStore, peppers: ReadonlyMap<string, Pepper>): number | KeyFault {
  const parsed = parseApiKey(key);
  if (!parsed) return 'malformed';
  const index = credentials.find(parsed.keyId);
  if (index === NO_CREDENTIAL || credentials.modeOf(index) !== parsed.mode || credentials.isImported(index)) {
    return 'unknown';
  }
  const pepper = peppers.get(credentials.pepperIdOf(index));
  if (!pepper) return 'pepper_missing';
  return credentials.hasSecret(index, parsed.secret, pepper) ? index : 'wrong_secret';
}

/** The index of a key that was made elsewhere. */
function findImported(key: string, credentials: CredentialStore): number | KeyFault {
  if (!credentials.hasImported) return 'malformed';
  const index = credentials.findImported(key);
  return index === NO_CREDENTIAL ? 'unknown' : index;
}
