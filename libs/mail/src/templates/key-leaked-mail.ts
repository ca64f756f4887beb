import type { Mail } from '../mail.js';
import { layOutMail } from './layout.js';

export interface KeyLeakedMailContent {
  readonly organization: string;
  /** The key without its secret. */
  readonly key: string;
  readonly keyName: string;
  /** Where it can be seen; null when it is not known. */
  readonly foundAtUrl: string | null;
  readonly isRevoked: boolean;
  /** Where the key can be replaced. */
  readonly url: string;
}

/** Tells the owners of an organization that one of its keys was found in public. */
export function keyLeakedMail(content: KeyLeakedMailContent): Omit<Mail, 'to'> {
  const { organization, key, keyName, foundAtUrl, isRevoked, url } = content;
  const what = isRevoked
    ? 'We have revoked it: calls with it are refused. Create a new key and put it where the old one was used.'
    : 'It still works. Rotate or revoke it now, as anybody who has seen it can call in your name.';
  return layOutMail({
    subject: isRevoked ? `A leaked API key was revoked: ${keyName}` : `An API key has leaked: ${keyName}`,
    brand: organization,
    heading: 'One of your API keys was found in public',
    paragraphs: [`The key ${key}… of ${organization} can be read by anybody.`, what],
    facts: [
      ['Organization', organization],
      ['Key', keyName],
      ...(foundAtUrl === null ? [] : ([['Found at', foundAtUrl]] as const)),
    ],
    action: { label: isRevoked ? 'Create a new key' : 'Replace the key', url },
    footer: `You get this mail because you own ${organization}.`,
  });
}
