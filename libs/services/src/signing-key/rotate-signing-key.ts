import {
  type EncryptionKey,
  SIGNING_KEY_LEAD_SECONDS,
  type SigningAlgorithm,
  type SigningKey,
  outlivedSigningKeys,
} from '#domain';
import {
  type Actor,
  appendChange,
  appendToAuditLog,
  deleteSigningKey,
  listSigningKeys,
  lockSigningKeys,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import { makeSigningKey } from './make-signing-key.js';

export interface RotateSigningKeyInput {
  readonly algorithm: SigningAlgorithm;
  /** How long the new key is published before it signs. Default: `SIGNING_KEY_LEAD_SECONDS`. */
  readonly leadSeconds?: number;
  readonly encryptionKeys: readonly EncryptionKey[];
  readonly actor: Actor;
}

/**
 * Makes a new signing key. It is published at once and signs when the lead is over; the one before stays published for a
 * day longer. Keys that nobody's token can be of any more are deleted.
 */
export function rotateSigningKey(
  context: ServiceContext,
  { algorithm, leadSeconds = SIGNING_KEY_LEAD_SECONDS, encryptionKeys, actor }: RotateSigningKeyInput,
): Promise<SigningKey> {
  return context.unitOfWork.inSystem(async (transaction) => {
    await lockSigningKeys(transaction);
    const nowMs = context.clock.nowMs();
    const outlived = outlivedSigningKeys(await listSigningKeys(transaction), nowMs);
    for (const key of outlived) await deleteSigningKey(transaction, key);
    const activeFrom = new Date(nowMs + leadSeconds * 1000);
    const key = await makeSigningKey(context, transaction, { algorithm, activeFrom, encryptionKeys });
    await appendToAuditLog(transaction, {
      id: context.ids.next(),
      organizationId: null,
      actor,
      action: 'created',
      noun: 'signing key',
      nounId: key.id,
      details: { algorithm, activeFrom: activeFrom.toISOString(), deleted: outlived.map(({ id }) => id) },
      createdAt: context.clock.now(),
    });
    await appendChange(transaction, 'catalog', 'all', context.clock.now());
    return key;
  });
}
