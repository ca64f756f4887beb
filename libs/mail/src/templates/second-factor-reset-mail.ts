import type { Mail } from '../mail.js';
import { accountNoticeMail } from './account-notice-mail.js';

export interface SecondFactorResetMailContent {
  readonly name: string;
  readonly portalUrl: string;
  readonly portalName: string;
}

/** Tells somebody that staff has taken two-factor authentication off their account. */
export function secondFactorResetMail({ name, portalUrl, portalName }: SecondFactorResetMailContent): Omit<Mail, 'to'> {
  return accountNoticeMail({
    name,
    what: 'Your second factor was reset',
    meaning:
      'Staff has turned two-factor authentication off for your account, and all its sessions have ended. Sign in with your password, and set it up again under Security.',
    url: `${portalUrl}/settings/security`,
    portalName,
  });
}
