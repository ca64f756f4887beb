import type { SealedSecret } from '#domain';
import type { SealedSecretRecord } from '#persistence';

/** A secret of the snapshot in the form in which it is opened. */
export function sealedSecret({ keyId, nonce, ciphertext }: SealedSecretRecord): SealedSecret {
  return { keyId, nonce: Buffer.from(nonce, 'base64'), ciphertext: Buffer.from(ciphertext, 'base64') };
}
