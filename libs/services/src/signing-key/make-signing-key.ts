import {
  type EncryptionKey,
  SIGNING_KEY_PURPOSE,
  type SigningAlgorithm,
  type SigningKey,
  generateSigningPair,
  sealSecret,
} from '#domain';
import { type Transaction, insertSecret, insertSigningKey, listSigningKeys, lockSigningKeys } from '#persistence';
import type { ServiceContext } from '../context.js';

export interface SigningKeyRequest {
  readonly algorithm: SigningAlgorithm;
  readonly activeFrom: Date;
  readonly encryptionKeys: readonly EncryptionKey[];
}

/** Makes a signing key, and seals its private part. */
export async function makeSigningKey(
  context: ServiceContext,
  transaction: Transaction,
  { algorithm, activeFrom, encryptionKeys }: SigningKeyRequest,
): Promise<SigningKey> {
  const { publicKey, privatePem } = generateSigningPair(algorithm);
  const createdAt = context.clock.now();
  const secretId = context.ids.next();
  const sealed = sealSecret(privatePem, SIGNING_KEY_PURPOSE, encryptionKeys, context.fillRandom);
  await insertSecret(transaction, { id: secretId, purpose: SIGNING_KEY_PURPOSE, ...sealed }, createdAt);
  const key: SigningKey = { id: context.ids.next(), algorithm, publicKey, secretId, activeFrom, createdAt };
  await insertSigningKey(transaction, key);
  return key;
}

/** Makes the installation's first signing key, which signs at once; null when there is one already. */
export async function makeFirstSigningKey(
  context: ServiceContext,
  transaction: Transaction,
  encryptionKeys: readonly EncryptionKey[],
): Promise<SigningKey | null> {
  await lockSigningKeys(transaction);
  if ((await listSigningKeys(transaction)).length > 0) return null;
  return makeSigningKey(context, transaction, { algorithm: 'EdDSA', activeFrom: context.clock.now(), encryptionKeys });
}
