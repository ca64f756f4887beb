import { type Transaction, appendToAuditLog } from '#persistence';
import type { ServiceContext } from '../context.js';
import { type WrittenMail, sendMail } from '../mail/send-mail.js';

/** What a person has changed about their own account. */
export interface UserChange {
  readonly userId: string;
  /** A verb in the past tense, such as "turned on two-factor authentication of". */
  readonly action: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** Appends the change to the audit log. */
export function appendUserChange(
  context: ServiceContext,
  transaction: Transaction,
  { userId, action, details = {} }: UserChange,
): Promise<void> {
  return appendToAuditLog(transaction, {
    id: context.ids.next(),
    organizationId: null,
    actor: { kind: 'user', id: userId },
    action,
    noun: 'user',
    nounId: userId,
    details,
    createdAt: context.clock.now(),
  });
}

/** Writes down what better-auth has changed, and sends the person a mail about it, so that no thief goes unnoticed. */
export function recordUserChange(context: ServiceContext, change: UserChange, mail: WrittenMail): Promise<void> {
  return context.unitOfWork.inSystem(async (transaction) => {
    await appendUserChange(context, transaction, change);
    await sendMail(context, transaction, mail);
  });
}
