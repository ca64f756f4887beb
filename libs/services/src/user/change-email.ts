import { createHash } from 'node:crypto';
import { ConflictError, InvalidError, NotFoundError } from '#domain';
import {
  deleteEmailChange,
  findUserProfile,
  isEmailTaken,
  putEmailChange,
  takeEmailChange,
  updateUserEmail,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import { type WrittenMail, sendMail } from '../mail/send-mail.js';
import { type UserChange, appendUserChange } from './user-change.js';

const LIFE_MS = 3_600_000;
const TOKEN_BYTES = 32;

interface Person {
  readonly id: string;
  readonly name: string;
  readonly email: string;
}

export interface RequestEmailChangeInput {
  readonly user: Person;
  /** In lower case. */
  readonly newEmail: string;
  /** To the new address, with the token that confirms it. */
  readonly writeConfirmation: (token: string) => WrittenMail;
  /** To the old address. */
  readonly notice: WrittenMail;
}

/**
 * Sends a link to the new address that confirms it for an hour, and tells the old one. For an address that has an
 * account already no link is sent, and all else is the same: nobody learns whose it is. The link of an earlier request
 * is void.
 * @throws InvalidError `email_unchanged`
 */
export function requestEmailChange(
  context: ServiceContext,
  { user, newEmail, writeConfirmation, notice }: RequestEmailChangeInput,
): Promise<void> {
  if (newEmail === user.email) throw new InvalidError('email_unchanged', 'That is your address already.');
  return context.unitOfWork.inSystem(async (transaction) => {
    const createdAt = context.clock.now();
    await deleteEmailChange(transaction, user.id);
    if (!(await isEmailTaken(transaction, newEmail))) {
      const token = Buffer.alloc(TOKEN_BYTES);
      context.fillRandom(token);
      const text = token.toString('base64url');
      const expiresAt = new Date(createdAt.getTime() + LIFE_MS);
      await putEmailChange(transaction, { userId: user.id, newEmail, tokenHash: hashOf(text), createdAt, expiresAt });
      await sendMail(context, transaction, writeConfirmation(text));
    }
    await sendMail(context, transaction, notice);
    await appendUserChange(context, transaction, { userId: user.id, action: 'asked for another e-mail address of' });
  });
}

export interface ConfirmEmailChangeInput {
  readonly token: string;
  /** To the old address, about the new one. */
  readonly writeNotice: (user: Person, newEmail: string) => WrittenMail;
}

/**
 * Changes the address whose link was opened, once.
 * @throws ConflictError `link_expired`, also when somebody else has taken the address meanwhile
 */
export async function confirmEmailChange(
  context: ServiceContext,
  { token, writeNotice }: ConfirmEmailChangeInput,
): Promise<{ readonly email: string }> {
  const email = await context.unitOfWork.inSystem(async (transaction) => {
    const at = context.clock.now();
    const change = await takeEmailChange(transaction, hashOf(token));
    if (!change || change.expiresAt <= at) return null;
    const user = await findUserProfile(transaction, change.userId);
    if (!user) throw new NotFoundError('user');
    if (!(await updateUserEmail(transaction, user.id, { email: change.newEmail, at }))) return null;
    await appendUserChange(context, transaction, { userId: user.id, action: 'changed the e-mail address of' });
    await sendMail(context, transaction, writeNotice(user, change.newEmail));
    return change.newEmail;
  });
  if (email === null) {
    throw new ConflictError('link_expired', 'This link has expired or was used already. Ask for a new one.');
  }
  return { email };
}

/** As `recordUserChange`, for a new password: a link for another address, which a thief may have asked for, is void. */
export function recordPasswordChange(context: ServiceContext, change: UserChange, mail: WrittenMail): Promise<void> {
  return context.unitOfWork.inSystem(async (transaction) => {
    await deleteEmailChange(transaction, change.userId);
    await appendUserChange(context, transaction, change);
    await sendMail(context, transaction, mail);
  });
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
