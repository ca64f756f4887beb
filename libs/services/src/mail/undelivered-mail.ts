import { NotFoundError, uuidV7TimeMs } from '#domain';
import {
  type Actor,
  type Slice,
  type Transaction,
  type UndeliveredMail,
  appendToAuditLog,
  keepUndeliveredMail,
  listUndeliveredMails,
  takeUndeliveredMails,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import { type WrittenMail, sendMail } from './send-mail.js';

const DAY_MS = 86_400_000;
/** As long as mail servers try (RFC 5321 §4.5.4.1: four to five days); what a mail says is old news by then. */
const TRIED_MS = 4 * DAY_MS;
const KEPT_MS = 90 * DAY_MS;

/** A mail that was given up, with when it was written. */
export interface GivenUpMail extends UndeliveredMail {
  readonly writtenAt: Date;
}

/** True once a mail that no server takes was tried for so long that it is given up: four days after it was written. */
export function isTriedLongEnough(context: ServiceContext, mailId: string): boolean {
  return context.clock.nowMs() - uuidV7TimeMs(mailId) > TRIED_MS;
}

/** Keeps a mail for ninety days that was given up: an operator can send it again. Doing it twice keeps it once. */
export function giveUpMail(
  context: ServiceContext,
  { mailId, ...mail }: WrittenMail & { readonly mailId: string },
  reason: string,
): Promise<void> {
  const givenUpAt = context.clock.now();
  const forgetBefore = new Date(givenUpAt.getTime() - KEPT_MS);
  return context.unitOfWork.inSystem((transaction) =>
    keepUndeliveredMail(transaction, { id: mailId, ...mail, reason, givenUpAt }, forgetBefore),
  );
}

/** The mails that were given up, the last written first, without what is in them. */
export async function givenUpMails(context: ServiceContext, slice: Slice<string>): Promise<GivenUpMail[]> {
  const found = await context.unitOfWork.inSystem((transaction) => listUndeliveredMails(transaction, slice));
  return found.map((mail) => ({ ...mail, writtenAt: new Date(uuidV7TimeMs(mail.id)) }));
}

/** An act of somebody on a mail that was given up; null for all of them. */
export interface GivenUpMailAct {
  readonly mailId: string | null;
  readonly actor: Actor;
}

/**
 * Sends a mail again as it was written, or all; resolves to how many.
 * @throws NotFoundError `mail_not_found`
 */
export function sendMailAgain(context: ServiceContext, act: GivenUpMailAct): Promise<number> {
  return context.unitOfWork.inSystem(async (transaction) => {
    const mails = await take(context, transaction, act, 'resent');
    for (const mail of mails) await sendMail(context, transaction, mail);
    return mails.length;
  });
}

/**
 * Forgets a mail that was given up, or all.
 * @throws NotFoundError `mail_not_found`
 */
export async function forgetMail(context: ServiceContext, act: GivenUpMailAct): Promise<void> {
  await context.unitOfWork.inSystem((transaction) => take(context, transaction, act, 'deleted'));
}

async function take(
  context: ServiceContext,
  transaction: Transaction,
  { mailId, actor }: GivenUpMailAct,
  action: string,
): Promise<WrittenMail[]> {
  const mails = await takeUndeliveredMails(transaction, mailId);
  if (mailId !== null && mails.length === 0) throw new NotFoundError('mail');
  if (mails.length === 0) return [];
  const subjects = mails.length === 1 ? { subject: mails[0]!.subject } : { mails: mails.length };
  await appendToAuditLog(transaction, {
    id: context.ids.next(),
    organizationId: null,
    actor,
    action,
    noun: 'mail',
    nounId: mailId ?? 'all',
    details: subjects,
    createdAt: context.clock.now(),
  });
  return mails;
}
