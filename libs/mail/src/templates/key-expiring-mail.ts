import type { Mail } from '../mail.js';
import { instantInMail } from './dunning-mail-content.js';
import { layOutMail } from './layout.js';

export interface KeyExpiringMailContent {
  readonly organization: string;
  /** The key without its secret. */
  readonly key: string;
  readonly keyName: string;
  readonly expiresAt: Date;
  /** Another key takes over from it. */
  readonly hasSuccessor: boolean;
  /** Where the key can be replaced. */
  readonly url: string;
}

/** Tells the owners of an organization that one of its keys ends soon. */
export function keyExpiringMail(content: KeyExpiringMailContent): Omit<Mail, 'to'> {
  const { organization, key, keyName, hasSuccessor, url } = content;
  const end = instantInMail(content.expiresAt);
  const what = hasSuccessor
    ? 'It has a successor that works already. Make sure that nothing uses the old key any more.'
    : 'Rotate it, or let it end later, if it is still needed. Otherwise there is nothing to do.';
  return layOutMail({
    subject: `An API key ends soon: ${keyName}`,
    brand: organization,
    heading: 'One of your API keys ends soon',
    paragraphs: [`The key ${key}… of ${organization} ends on ${end}. Calls with it are refused from then on.`, what],
    facts: [
      ['Organization', organization],
      ['Key', keyName],
      ['Ends', end],
    ],
    action: { label: 'Open the key', url },
    footer: `You get this mail because you own ${organization}.`,
  });
}
