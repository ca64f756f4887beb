import { type KeyObject, createPublicKey, type webcrypto } from 'node:crypto';

const MAX_KEYS = 100;

/** A public key of an issuer. */
export interface PublishedKey {
  readonly keyId: string | null;
  /** The only algorithm it is for; null when it does not say. */
  readonly algorithm: string | null;
  readonly key: KeyObject;
}

/**
 * The keys of a JWK set (RFC 7517 §5) that can verify signatures; others are left out, as the set may have keys for other
 * uses. Null for what is no set, or has more than a hundred keys.
 */
export function readJwkSet(document: unknown): readonly PublishedKey[] | null {
  const keys = isObject(document) ? document['keys'] : null;
  if (!Array.isArray(keys) || keys.length > MAX_KEYS) return null;
  return keys.flatMap((jwk: unknown) => {
    if (!isObject(jwk) || !isForVerifying(jwk)) return [];
    const keyId = typeof jwk['kid'] === 'string' ? jwk['kid'] : null;
    const algorithm = typeof jwk['alg'] === 'string' ? jwk['alg'] : null;
    try {
      return [{ keyId, algorithm, key: createPublicKey({ key: jwk as webcrypto.JsonWebKey, format: 'jwk' }) }];
    } catch {
      return [];
    }
  });
}

function isForVerifying({ kty, use, key_ops: operations }: Record<string, unknown>): boolean {
  if (kty === 'oct' || (use !== undefined && use !== 'sig')) return false;
  return !Array.isArray(operations) || operations.includes('verify');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
