import type { Mail } from '../mail.js';
import { layOutMail } from './layout.js';

export interface PasswordResetMailContent {
  readonly name: string;
  /** Opening it lets the reader choose a new password. */
  readonly url: string;
  readonly portalName: string;
}

/** Lets somebody who forgot the password choose a new one. */
export function passwordResetMail(content: PasswordResetMailContent): Omit<Mail, 'to'> {
  return layOutMail({
    subject: `Choose a new password for ${content.portalName}`,
    brand: content.portalName,
    heading: 'Choose a new password',
    paragraphs: [
      `Hello ${content.name},`,
      `Somebody asked for a new password for your account at ${content.portalName}. The link works once, for a short time.`,
    ],
    action: { label: 'Choose a new password', url: content.url },
    footer: 'If you did not ask for this, ignore this mail: your password stays as it is.',
  });
}
