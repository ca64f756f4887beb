import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { FillRandom } from '../id/uuid-v7.js';
import { TollgateError } from '../problem/tollgate-error.js';

/** A key of the ring: 32 bytes. The first of a ring is the current one; the others only open what they sealed. */
export interface EncryptionKey {
  readonly id: string;
  readonly secret: Buffer;
}

/** A secret as it is stored. `ciphertext` ends with the 16 bytes of the authentication tag. */
export interface SealedSecret {
  readonly keyId: string;
  readonly nonce: Buffer;
  readonly ciphertext: Buffer;
}

export class SecretError extends TollgateError {}

const TAG_LENGTH = 16;

/**
 * Seals `plaintext` with the ring's current key: AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce. `purpose` is
 * authenticated with it, so that a secret cannot be passed off as one of another kind.
 */
export function sealSecret(
  plaintext: string,
  purpose: string,
  ring: readonly EncryptionKey[],
  fillRandom: FillRandom,
): SealedSecret {
  const key = ring[0];
  if (!key) throw new SecretError('encryption_key_missing', 'There is no encryption key: set ENCRYPTION_KEYS.');
  const nonce = Buffer.alloc(12);
  fillRandom(nonce);
  const cipher = createCipheriv('aes-256-gcm', key.secret, nonce).setAAD(Buffer.from(purpose));
  const ciphertext = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return { keyId: key.id, nonce, ciphertext };
}

/**
 * The plaintext of a sealed secret. Throws a SecretError when its key is not in the ring, or when it was changed or
 * sealed for another purpose.
 */
export function openSecret(sealed: SealedSecret, purpose: string, ring: readonly EncryptionKey[]): string {
  const key = ring.find((candidate) => candidate.id === sealed.keyId);
  if (!key) {
    throw new SecretError(
      'encryption_key_unknown',
      `A secret was sealed with key "${sealed.keyId}": put that key back into ENCRYPTION_KEYS.`,
    );
  }
  const tagStart = sealed.ciphertext.length - TAG_LENGTH;
  try {
    const decipher = createDecipheriv('aes-256-gcm', key.secret, sealed.nonce)
      .setAAD(Buffer.from(purpose))
      .setAuthTag(sealed.ciphertext.subarray(tagStart));
    return Buffer.concat([decipher.update(sealed.ciphertext.subarray(0, tagStart)), decipher.final()]).toString('utf8');
  } catch (error) {
    throw new SecretError(
      'secret_damaged',
      'A stored secret does not open: it was changed, or its key has another value now.',
      { cause: error },
    );
  }
}
