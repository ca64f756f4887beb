import type { Mail } from '../mail.js';
import { layOutMail } from './layout.js';

export interface EmailChangeMailContent {
  readonly name: string;
  /** Opening it shows the page where the new address is confirmed. */
  readonly url: string;
  readonly portalName: string;
}

/** Asks at the new address whether the mailbox is really that of the person who wants to use it. */
export function emailChangeMail({ name, url, portalName }: EmailChangeMailContent): Omit<Mail, 'to'> {
  return layOutMail({
    subject: `Confirm your new e-mail address for ${portalName}`,
    brand: portalName,
    heading: 'Confirm your new e-mail address',
    paragraphs: [
      `Hello ${name},`,
      `You want to use this address for your account at ${portalName}. The link works once, within an hour; until then your old address stays.`,
    ],
    action: { label: 'Confirm the new address', url },
    footer: 'If that was not you, ignore this mail: without the confirmation nothing changes.',
  });
}
