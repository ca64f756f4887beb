import type { Mail } from '../mail.js';
import { layOutMail } from './layout.js';

export interface InvitationMailContent {
  /** In the words of people, so not to be trusted. */
  readonly organizationName: string;
  readonly inviterName: string;
  /** "developer": what the reader will be there. */
  readonly role: string;
  /** Opening it leads to joining; works once. */
  readonly url: string;
  readonly expiresAt: Date;
  readonly portalName: string;
}

/** Asks somebody to join an organization; the same for people with and without an account. */
export function invitationMail(content: InvitationMailContent): Omit<Mail, 'to'> {
  const { organizationName, inviterName, role, portalName } = content;
  return layOutMail({
    subject: `Join ${organizationName} at ${portalName}`,
    brand: portalName,
    heading: `Join ${organizationName}`,
    paragraphs: [
      `${inviterName} invites you to work in the organization ${organizationName} at ${portalName}.`,
      'Sign in with this address, or create an account with it; then you can join.',
    ],
    facts: [
      ['Your role', role],
      ['The link works once, until', `${content.expiresAt.toISOString().slice(0, 16).replace('T', ' ')} UTC`],
    ],
    action: { label: 'See the invitation', url: content.url },
    footer: `You get this mail because ${inviterName} entered your address at ${portalName}. If you do not know them, ignore it: nothing happens.`,
  });
}
