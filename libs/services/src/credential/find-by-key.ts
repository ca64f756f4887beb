import { type Credential, type Pepper, hashImportedKey, matchesApiKeySecret, parseApiKey } from '#domain';
import { type Transaction, findCredentialByKeyId, findImportedCredentials } from '#persistence';

/**
 * The credential that a whole key opens, whether it still works or not; null for none. `salts` are those of imported keys.
 * In the scope of an organization it finds that organization's alone.
 */
export async function findByKey(
  transaction: Transaction,
  key: string,
  peppers: readonly Pepper[],
  salts: readonly (string | null)[],
): Promise<Credential | null> {
  const parsed = parseApiKey(key);
  if (parsed) {
    const found = await findCredentialByKeyId(transaction, parsed.keyId);
    const pepper = peppers.find(({ id }) => id === found?.pepperId);
    const isIt = found && pepper && found.mode === parsed.mode;
    return isIt && matchesApiKeySecret(parsed.secret, pepper, found.secretHash) ? found : null;
  }
  const hashes = salts.map((salt) => ({ salt, hash: hashImportedKey(key, salt) }));
  const found = await findImportedCredentials(
    transaction,
    hashes.map(({ hash }) => hash),
  );
  return found.find(({ hashSalt, secretHash }) => hashImportedKey(key, hashSalt).equals(secretHash)) ?? null;
}
