import { SEGMENT_QUEUE } from './segment-job.js';
import type { QueueName } from './job-definitions.js';

/**
 * What of a job's payload people may see: the names of what it is about. Mails hold links that open accounts, and segments of usage are what customers
 * called; of these only the other fields are shown, of anything else the texts and numbers at its top.
 */
const HIDDEN: Partial<Readonly<Record<QueueName, readonly string[]>>> = {
  [SEGMENT_QUEUE]: ['events'],
  mail: ['subject', 'text', 'html'],
};
const MAX_TEXT = 200;
const MAX_FIELDS = 20;

/** A payload for people, without what is secret or long. It may be anything, since a job need not be what its schema says. */
export function shownPayload(queue: QueueName, payload: unknown): Readonly<Record<string, string>> {
  if (typeof payload !== 'object' || payload === null) return {};
  const hidden = HIDDEN[queue] ?? [];
  const shown = Object.entries(payload).flatMap(([name, value]): [string, string][] => {
    if (hidden.includes(name) || (typeof value !== 'string' && typeof value !== 'number')) return [];
    const text = String(value);
    return [[name.slice(0, MAX_TEXT), text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text]];
  });
  return Object.fromEntries(shown.slice(0, MAX_FIELDS));
}
