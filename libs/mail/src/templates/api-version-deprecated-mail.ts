import type { Mail } from '../mail.js';
import { layOutMail } from './layout.js';

export interface ApiVersionDeprecatedMailContent {
  readonly organization: string;
  /** Of the organization, that have called the version lately. */
  readonly applications: readonly string[];
  readonly api: string;
  readonly version: string;
  /** The version to use in its place; null while there is none. */
  readonly latest: string | null;
  /** What they call that may fail in that version. */
  readonly broken: readonly string[];
  /** The UTC day from which on it is switched off; null when that is not known. */
  readonly sunsetOn: string | null;
  /** Whether they are told once more, as the day comes near. */
  readonly isReminder?: boolean;
  /** What changed from it to the latest version. */
  readonly url: string;
}

const maxListed = 20;

/** Tells those who build on a version of an API that it should not be used any more. */
export function apiVersionDeprecatedMail(content: ApiVersionDeprecatedMailContent): Omit<Mail, 'to'> {
  const { organization, applications, api, version, latest, broken, sunsetOn, isReminder = false, url } = content;
  const name = `${api} ${version}`;
  const end =
    sunsetOn === null
      ? 'It still answers, and we will say when it is switched off.'
      : `It answers until then, and is switched off on ${sunsetOn} (UTC).`;
  return layOutMail({
    subject: sunsetOn === null ? `${name} is deprecated` : `${name} is switched off on ${sunsetOn}`,
    brand: organization,
    heading: isReminder ? `${name} is switched off on ${sunsetOn}` : `${name} is deprecated`,
    paragraphs: [
      `${applications.length === 1 ? 'An application' : 'Applications'} of yours called ${name} in the last ${isReminder ? 30 : 90} days. ${end}`,
      ...(latest === null ? [] : [whatChanges(`${api} ${latest}`, broken.length)]),
    ],
    facts: [
      ['Applications', applications.join(', ')],
      ['API version', name],
      ...(broken.length === 0 ? [] : [['To be changed', listed(broken)] as const]),
      ...(sunsetOn === null ? [] : [['Switched off on', `${sunsetOn} (UTC)`] as const]),
    ],
    action: { label: 'See what is different', url },
    footer: `You get this mail because you work on the applications of ${organization}.`,
  });
}

function whatChanges(latest: string, count: number): string {
  if (count === 0)
    return `Nothing that you call has changed for callers in ${latest}: another address is all that it takes.`;
  return `${count === 1 ? 'One operation' : `${count} operations`} that you call changed in ${latest} in a way that may break callers.`;
}

function listed(operations: readonly string[]): string {
  const more = operations.length - maxListed;
  const shown = operations.slice(0, maxListed).join(', ');
  return more > 0 ? `${shown} and ${more} more` : shown;
}
