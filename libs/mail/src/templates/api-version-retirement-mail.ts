import type { Mail } from '../mail.js';
import { layOutMail } from './layout.js';

export interface ApiVersionRetirementMailContent {
  readonly api: string;
  readonly version: string;
  /** The UTC day from which on it is switched off. */
  readonly sunsetOn: string;
  /** Whether that has come. */
  readonly isOver: boolean;
  /** How many organizations still call it, while it is not over. */
  readonly callers: number;
  /** Where the version is. */
  readonly url: string;
}

/** Tells the team of an API that a version of it is switched off by itself, or was. */
export function apiVersionRetirementMail(content: ApiVersionRetirementMailContent): Omit<Mail, 'to'> {
  const { api, version, sunsetOn, isOver, callers, url } = content;
  const name = `${api} ${version}`;
  return layOutMail({
    subject: isOver ? `${name} was switched off` : `${name} is switched off on ${sunsetOn}`,
    brand: api,
    heading: isOver ? `${name} was switched off` : `${name} is switched off on ${sunsetOn}`,
    paragraphs: isOver
      ? [`Its day, ${sunsetOn} (UTC), has come: calls of it get 404. Publish it again if that was too early.`]
      : [
          `It is switched off by itself at the beginning of that day (UTC). ${callersWords(callers)}`,
          'Change the day on its page if that is too early.',
        ],
    facts: [
      ['API version', name],
      ['Switched off on', `${sunsetOn} (UTC)`],
    ],
    action: { label: 'View the version', url },
    footer: `You get this mail because you work on ${api}.`,
  });
}

function callersWords(count: number): string {
  if (count === 0) return 'Nobody has called it in the last 30 days.';
  if (count === 1) return 'One organization has called it in the last 30 days, and is told.';
  return `${count} organizations have called it in the last 30 days, and are told.`;
}
