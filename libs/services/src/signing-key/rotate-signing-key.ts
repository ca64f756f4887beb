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
  /** The keys before are not published any more, as they have leaked: the new one signs at once. */
  readonly revokesOthers?: boolean;
  readonly encryptionKeys: readonly EncryptionKey[];
  readonly actor: Actor;
}

/**
 * Makes a new signing key. It is published at once and signs when the lead is over; the one before stays published for a
 * day longer, unless it is revoked. Keys that nobody's token can be of any more are deleted.
 */
export function rotateSigningKey(
  context: ServiceContext,
  { algorithm, leadSeconds, revokesOthers = false, encryptionKeys, actor }: RotateSigningKeyInput,
): Promise<SigningKey> {
  return context.unitOfWork.inSystem(async (transaction) => {
    await lockSigningKeys(transaction);
    const nowMs = context.clock.nowMs();
    const known = await listSigningKeys(transaction);
    const ended = revokesOthers ? known : outlivedSigningKeys(known, nowMs);
    for (const key of ended) await deleteSigningKey(transaction, key);
    const leadMs = revokesOthers ? 0 : (leadSeconds ?? SIGNING_KEY_LEAD_SECONDS) * 1000;
    const activeFrom = new Date(nowMs + leadMs);
    const key = await makeSigningKey(context, transaction, { algorithm, activeFrom, encryptionKeys });
    await appendToAuditLog(transaction, {
      id: context.ids.next(),
      organizationId: null,
      actor,
      action: 'created',
      noun: 'signing key',
      nounId: key.id,
      details: { algorithm, activeFrom: activeFrom.toISOString(), deleted: ended.map(({ id }) => id) },
      createdAt: context.clock.now(),
    });
    await appendChange(transaction, 'catalog', 'all', context.clock.now());
    return key;
  });
}
