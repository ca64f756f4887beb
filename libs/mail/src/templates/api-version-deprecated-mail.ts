import type { Mail } from '../mail.js';
import { layOutMail } from './layout.js';

export interface ApiVersionDeprecatedMailContent {
  readonly organization: string;
  /** Of the organization, that have called the version lately. */
  readonly applications: readonly string[];
  readonly api: string;
  readonly version: string;
  /** The UTC day from which on it is switched off; null when that is not known. */
  readonly sunsetOn: string | null;
  /** What changed from it to the latest version. */
  readonly url: string;
}

/** Tells those who build on a version of an API that it should not be used any more. */
export function apiVersionDeprecatedMail(content: ApiVersionDeprecatedMailContent): Omit<Mail, 'to'> {
  const { organization, applications, api, version, sunsetOn, url } = content;
  const name = `${api} ${version}`;
  const end =
    sunsetOn === null
      ? 'It still answers, and we will say when it is switched off.'
      : `It answers until then, and is switched off on ${sunsetOn} (UTC).`;
  return layOutMail({
    subject: sunsetOn === null ? `${name} is deprecated` : `${name} is switched off on ${sunsetOn}`,
    brand: organization,
    heading: `${name} is deprecated`,
    paragraphs: [
      `${applications.length === 1 ? 'An application' : 'Applications'} of yours called ${name} in the last 90 days. ${end}`,
      'The change log says what is different in the latest version.',
    ],
    facts: [
      ['Applications', applications.join(', ')],
      ['API version', name],
      ...(sunsetOn === null ? [] : [['Switched off on', `${sunsetOn} (UTC)`] as const]),
    ],
    action: { label: 'See what is different', url },
    footer: `You get this mail because you work on the applications of ${organization}.`,
  });
}
