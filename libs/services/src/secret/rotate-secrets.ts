import { type EncryptionKey, SecretError, openSecret, sealSecret } from '#domain';
import { type Actor, appendChange, appendToAuditLog, lockSecretsNotSealedWith, resealSecret } from '#persistence';
import type { ServiceContext } from '../context.js';

const BATCH = 100;

/**
 * Seals every stored secret again with the ring's first key, so that the older keys can be taken out of the ring.
 * Returns how many were resealed. Interrupted, it can be run again; what was done stays done.
 */
export async function rotateSecrets(
  context: ServiceContext,
  { encryptionKeys, actor }: { readonly encryptionKeys: readonly EncryptionKey[]; readonly actor: Actor },
): Promise<number> {
  const current = encryptionKeys[0];
  if (!current) throw new SecretError('encryption_key_missing', 'There is no encryption key: set ENCRYPTION_KEYS.');
  let resealed = 0;
  for (;;) {
    const count = await context.unitOfWork.inSystem(async (transaction) => {
      const secrets = await lockSecretsNotSealedWith(transaction, current.id, BATCH);
      for (const secret of secrets) {
        const plaintext = openSecret(secret, secret.purpose, encryptionKeys);
        await resealSecret(
          transaction,
          secret.id,
          sealSecret(plaintext, secret.purpose, encryptionKeys, context.fillRandom),
        );
      }
      if (secrets.length > 0) {
        await appendToAuditLog(transaction, {
          id: context.ids.next(),
          organizationId: null,
          actor,
          action: 'resealed',
          noun: 'secrets',
          nounId: current.id,
          details: { count: secrets.length },
          createdAt: context.clock.now(),
        });
        // The gateways' disk copies hold seals: they must not need a key that is about to go.
        await appendChange(transaction, 'catalog', 'all', context.clock.now());
      }
      return secrets.length;
    });
    if (count === 0) return resealed;
    resealed += count;
  }
}
