import { type Credential, type LeakAction, type LeakPolicy, type Pepper, displayCredential } from '#domain';
import {
  type Transaction,
  appendChanges,
  appendToAuditLog,
  findLeakPolicy,
  findOrganization,
  insertKeyLeak,
  listImportedSalts,
  listOwnerEmails,
  lockCredential,
  markCredentialRevoked,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import { sendMail } from '../mail/send-mail.js';
import { findByKey } from './find-by-key.js';
import { emitEvent } from '../webhook/emit-events.js';

/** Something that looks like a key and was found in public. */
export interface SuspectedKey {
  readonly token: string;
  readonly foundAtUrl: string | null;
  readonly foundIn: string | null;
}

/** What the owners of a leaked key are told. */
export interface KeyLeakNotice {
  readonly organization: string;
  /** The key without its secret. */
  readonly key: string;
  readonly keyName: string;
  readonly foundAtUrl: string | null;
  readonly action: LeakAction;
  readonly applicationId: string;
}

export interface ReportKeyLeaksInput {
  readonly suspects: readonly SuspectedKey[];
  /** Who reports: "github". */
  readonly reporter: string;
  readonly peppers: readonly Pepper[];
  /** For organizations that have not decided otherwise. */
  readonly defaultPolicy: LeakPolicy;
  readonly writeMail: (notice: KeyLeakNotice) => {
    readonly subject: string;
    readonly text: string;
    readonly html: string;
  };
}

/**
 * Acts on keys that were found in public: ends them or tells their owners, as their organization has decided, once for each
 * key however often it is reported. Answers of each suspect whether it is a key of this installation, also one that works
 * no more. No key is kept or passed on.
 */
export function reportKeyLeaks(context: ServiceContext, input: ReportKeyLeaksInput): Promise<readonly boolean[]> {
  return context.unitOfWork.inSystem(async (transaction) => {
    const salts = [null, ...(await listImportedSalts(transaction))];
    const answers: boolean[] = [];
    const revokedIds: string[] = [];
    for (const suspect of input.suspects) {
      const credential = await findByKey(transaction, suspect.token, input.peppers, salts);
      answers.push(credential !== null);
      if (!credential) continue;
      if ((await act(context, transaction, credential, suspect, input)) === 'revoked') revokedIds.push(credential.id);
    }
    await appendChanges(transaction, 'credential', revokedIds, context.clock.now());
    return answers;
  });
}

async function act(
  context: ServiceContext,
  transaction: Transaction,
  { id, organizationId }: Credential,
  { foundAtUrl, foundIn }: SuspectedKey,
  { reporter, defaultPolicy, writeMail }: ReportKeyLeaksInput,
): Promise<'revoked' | 'as_it_was'> {
  const createdAt = context.clock.now();
  const credential = await lockCredential(transaction, id);
  if (!credential) return 'as_it_was';
  const policy = (await findLeakPolicy(transaction, organizationId)) ?? defaultPolicy;
  const action = policy === 'revoke' ? 'revoked' : 'alerted';
  const leak = { credentialId: id, organizationId, reporter, foundAtUrl, foundIn, action, createdAt } as const;
  if (!(await insertKeyLeak(transaction, leak))) return 'as_it_was';
  await appendToAuditLog(transaction, {
    id: context.ids.next(),
    organizationId,
    actor: { kind: 'system', id: reporter },
    action: 'leaked',
    noun: 'credential',
    nounId: id,
    details: { keyId: credential.keyId, reporter, foundAtUrl, foundIn, action },
    createdAt,
  });
  await tellOwners(context, transaction, credential, { foundAtUrl, action }, writeMail);
  const data = { credentialId: id, keyId: credential.keyId };
  await emitEvent(context, transaction, { organizationId, type: 'key.leaked', data });
  if (action !== 'revoked' || credential.revokedAt) return 'as_it_was';
  await markCredentialRevoked(transaction, id, createdAt);
  await emitEvent(context, transaction, { organizationId, type: 'key.revoked', data });
  return 'revoked';
}

async function tellOwners(
  context: ServiceContext,
  transaction: Transaction,
  credential: Credential,
  leak: Pick<KeyLeakNotice, 'foundAtUrl' | 'action'>,
  writeMail: ReportKeyLeaksInput['writeMail'],
): Promise<void> {
  const { organizationId, applicationId, name } = credential;
  const organization = await findOrganization(transaction, organizationId);
  const mail = writeMail({
    ...leak,
    organization: organization?.name ?? '',
    key: displayCredential(credential),
    keyName: name,
    applicationId,
  });
  for (const to of await listOwnerEmails(transaction, organizationId)) {
    await sendMail(context, transaction, { to, ...mail });
  }
}
