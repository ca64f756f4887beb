import { type Pepper, matchesApiKeySecret, parseApiKey } from '#domain';
import type { RequestHead } from '../request-head.js';
import type { CredentialEntry, Snapshot } from '../snapshot/snapshot.js';

/** Why a key does not open, or the credential that it is. A key that is not well-formed costs no look-up. */
export type AuthenticationVerdict =
  CredentialEntry | 'conflicting_keys' | 'missing' | 'malformed' | 'unknown' | 'wrong_secret' | 'expired' | 'revoked';

/** Finds out whose key the request carries: in `x-api-key`, or as a bearer token. */
export function authenticate(
  head: RequestHead,
  snapshot: Snapshot,
  peppers: ReadonlyMap<string, Pepper>,
  nowMs: number,
): AuthenticationVerdict {
  if (head.hasConflictingKeys) return 'conflicting_keys';
  if (head.apiKey !== null && head.bearerKey !== null && head.apiKey !== head.bearerKey) return 'conflicting_keys';
  const key = head.apiKey ?? head.bearerKey;
  if (key === null) return 'missing';
  const parsed = parseApiKey(key);
  if (!parsed) return 'malformed';
  const credential = snapshot.credentials.get(parsed.keyId);
  if (!credential || credential.mode !== parsed.mode) return 'unknown';
  const pepper = peppers.get(credential.pepperId);
  if (!pepper || !matchesApiKeySecret(parsed.secret, pepper, credential.secretHash)) return 'wrong_secret';
  if (credential.isRevoked) return 'revoked';
  if (credential.expiresAtMs !== null && credential.expiresAtMs <= nowMs) return 'expired';
  return credential;
}
