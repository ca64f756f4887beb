import type { Mail } from '../mail.js';
import { layOutMail } from './layout.js';

export interface DeletionMailContent {
  readonly name: string;
  /** Null when the reader's own account was deleted. */
  readonly organizationName: string | null;
  /** Where somebody can begin anew. */
  readonly url: string;
  readonly portalName: string;
}

/** The last mail about an account, or about an organization that the reader belonged to. */
export function deletionMail({ name, organizationName, url, portalName }: DeletionMailContent): Omit<Mail, 'to'> {
  const what =
    organizationName === null ? 'Your account was deleted' : `The organization ${organizationName} was deleted`;
  const meaning =
    organizationName === null
      ? 'You cannot sign in any more, and your tokens have ended. Issued invoices are kept as the law asks; elsewhere a pseudonym stands for you.'
      : 'One of its owners has deleted it. Its keys have ended, and you cannot open it any more. Issued invoices are kept as the law asks.';
  return layOutMail({
    subject: `${what} (${portalName})`,
    brand: portalName,
    heading: what,
    paragraphs: [
      `Hello ${name},`,
      meaning,
      'This cannot be undone. If it was not you, tell the operator of the portal.',
    ],
    action: { label: `Open ${portalName}`, url },
    footer: `You get this mail because the address belonged to an account at ${portalName}.`,
  });
}
