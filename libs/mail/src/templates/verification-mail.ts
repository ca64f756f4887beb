import type { Mail } from '../mail.js';
import { layOutMail } from './layout.js';

export interface VerificationMailContent {
  /** How the reader is addressed; their own words, so not to be trusted. */
  readonly name: string;
  /** Opening it verifies the address. */
  readonly url: string;
  readonly portalName: string;
}

/** Asks somebody who signed up to confirm that the mailbox is theirs. */
export function verificationMail(content: VerificationMailContent): Omit<Mail, 'to'> {
  return layOutMail({
    subject: `Confirm your e-mail address for ${content.portalName}`,
    brand: content.portalName,
    heading: 'Confirm your e-mail address',
    paragraphs: [
      `Hello ${content.name},`,
      `You signed up at ${content.portalName}. Confirm that this mailbox is yours, and you can create your first API key.`,
    ],
    action: { label: 'Confirm e-mail address', url: content.url },
    footer: `You get this mail because somebody signed up at ${content.portalName} with this address. If that was not you, ignore it: without the confirmation nothing happens.`,
  });
}
