import type { Mode } from '../usage/usage-event.js';
import { displayApiKey } from './api-key.js';
import type { KeyRestrictions } from './key-restrictions.js';

/**
 * How the hash of a key was made: `peppered_sha256` over pepper and secret, of keys that Tollgate made; `sha256` over an
 * optional salt and the whole key, of keys that were imported from elsewhere.
 */
export type HashAlgorithm = 'peppered_sha256' | 'sha256';

/** An API key as it is kept: never the secret, only its hash. */
export interface Credential {
  readonly id: string;
  readonly organizationId: string;
  readonly applicationId: string;
  /** The public part of the key: look-up, logs, screens. Of an imported key it is only a name. */
  readonly keyId: string;
  readonly mode: Mode;
  readonly name: string;
  readonly secretHash: Buffer;
  readonly hashAlgorithm: HashAlgorithm;
  /** Of an imported key: what stood before the key when it was hashed; null for nothing. */
  readonly hashSalt: string | null;
  /** Which pepper of the ring the hash was made with; null for imported keys. */
  readonly pepperId: string | null;
  /** Of an imported key: its first characters, which its owner knows it by. */
  readonly importedPrefix: string | null;
  /** Null when it works from everywhere and for everything that its application may. */
  readonly restrictions: KeyRestrictions | null;
  /** The key that this one takes over from. */
  readonly rotatedFromId: string | null;
  /** Made by the documentation for trying out calls: a test key of an hour at most. */
  readonly isTryIt: boolean;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
  readonly lastUsedAt: Date | null;
}

/** How a key may be written in logs and on screens: without what opens. */
export function displayCredential({ hashAlgorithm, importedPrefix, mode, keyId }: Credential): string {
  if (hashAlgorithm === 'sha256') return importedPrefix ?? keyId;
  return displayApiKey(mode, keyId);
}
