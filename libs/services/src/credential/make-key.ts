import { type Credential, type Pepper, generateApiKey, hashApiKeySecret } from '#domain';
import type { ServiceContext } from '../context.js';

/** A new key: only here is it whole. */
export interface IssuedCredential {
  readonly credential: Credential;
  readonly key: string;
}

/** What is decided of a key before it is made. */
export type KeyTerms = Pick<
  Credential,
  'organizationId' | 'applicationId' | 'mode' | 'name' | 'restrictions' | 'rotatedFromId' | 'createdAt' | 'expiresAt'
> &
  Partial<Pick<Credential, 'isTryIt'>>;

/** Makes a key, hashed with the first of the peppers. */
export function makeKey(context: ServiceContext, terms: KeyTerms, peppers: readonly Pepper[]): IssuedCredential {
  const [pepper] = peppers;
  if (!pepper) throw new Error('a key cannot be hashed without a pepper');
  const { key, parsed } = generateApiKey(terms.mode, context.fillRandom);
  const credential: Credential = {
    isTryIt: false,
    ...terms,
    id: context.ids.next(),
    keyId: parsed.keyId,
    name: terms.name.trim(),
    secretHash: hashApiKeySecret(parsed.secret, pepper),
    hashAlgorithm: 'peppered_sha256',
    hashSalt: null,
    pepperId: pepper.id,
    importedPrefix: null,
    revokedAt: null,
    lastUsedAt: null,
  };
  return { credential, key };
}
