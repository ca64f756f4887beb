import { type Credential, displayCredential } from '#domain';
import {
  type Transaction,
  clearExpiryNotice,
  findOrganization,
  hasBeenRotated,
  listOwnerEmails,
  lockExpiringCredential,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import { type WrittenMail, sendMail } from '../mail/send-mail.js';
import { emitEvent } from '../webhook/emit-events.js';

/** What the owners of a key are told that ends soon. */
export interface KeyExpiryNotice {
  readonly organization: string;
  /** The key without its secret. */
  readonly key: string;
  readonly keyName: string;
  readonly expiresAt: Date;
  /** Another key takes over from it. */
  readonly hasSuccessor: boolean;
  readonly applicationId: string;
}

/**
 * Tells owners and endpoints of one key that ends soon, in the transaction that notes that they are told. Workers that ask
 * at the same time get different keys. A key that has ended in the meantime is passed over. Returns false when no notice
 * is due.
 */
export function tellExpiringKey(
  context: ServiceContext,
  writeMail: (notice: KeyExpiryNotice) => Omit<WrittenMail, 'to'>,
): Promise<boolean> {
  return context.unitOfWork.inSystem(async (transaction) => {
    const now = context.clock.now();
    const credential = await lockExpiringCredential(transaction, now);
    if (!credential) return false;
    await clearExpiryNotice(transaction, credential.id);
    const { expiresAt } = credential;
    if (credential.revokedAt || expiresAt === null || expiresAt <= now) return true;
    await tell(context, transaction, { ...credential, expiresAt }, writeMail);
    return true;
  });
}

async function tell(
  context: ServiceContext,
  transaction: Transaction,
  credential: Credential & { readonly expiresAt: Date },
  writeMail: (notice: KeyExpiryNotice) => Omit<WrittenMail, 'to'>,
): Promise<void> {
  const { id, organizationId, applicationId, keyId, name, expiresAt } = credential;
  await emitEvent(context, transaction, {
    organizationId,
    type: 'key.expiring',
    data: { credentialId: id, keyId, expiresAt: expiresAt.toISOString() },
  });
  const mail = writeMail({
    organization: (await findOrganization(transaction, organizationId))?.name ?? '',
    key: displayCredential(credential),
    keyName: name,
    expiresAt,
    hasSuccessor: await hasBeenRotated(transaction, id),
    applicationId,
  });
  for (const to of await listOwnerEmails(transaction, organizationId)) {
    await sendMail(context, transaction, { to, ...mail });
  }
}
