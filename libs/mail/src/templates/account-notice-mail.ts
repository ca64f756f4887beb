import type { Mail } from '../mail.js';
import { layOutMail } from './layout.js';

export interface AccountNoticeMailContent {
  readonly name: string;
  /** What has happened, as a short sentence without a full stop: "Your password was changed". */
  readonly what: string;
  /** What it means, in a sentence or two. */
  readonly meaning: string;
  /** Where the reader can look after the account. */
  readonly url: string;
  readonly portalName: string;
}

/** Tells somebody that their account was changed, so that a change by anybody else does not go unnoticed. */
export function accountNoticeMail({
  name,
  what,
  meaning,
  url,
  portalName,
}: AccountNoticeMailContent): Omit<Mail, 'to'> {
  return layOutMail({
    subject: `${what} (${portalName})`,
    brand: portalName,
    heading: what,
    paragraphs: [
      `Hello ${name},`,
      meaning,
      'If that was not you, choose a new password at once: it ends every session of your account.',
    ],
    action: { label: 'Look at your account', url },
    footer: `You get this mail because it is about the safety of your account at ${portalName}.`,
  });
}
