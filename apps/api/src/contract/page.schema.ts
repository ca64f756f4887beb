import { z } from 'zod';
import { id } from './value.schema.js';

/** How many of a list a page has at most. */
export const limit = z.coerce.number().int().min(1).max(200).default(100);

/** Which part of a list that is read from its newest entry. */
export const pageQuery = z.strictObject({
  limit,
  before: id.optional().describe('The `next` of the page before.'),
});

/** Where the next page begins. */
export const next = id.nullable().describe('Send it as `before` for the next page; null after the last.');

/** Which part of a list that is read in the order of `place`. */
export function pageAfter<Place extends z.ZodType>(place: Place) {
  return z.strictObject({ limit, after: place.optional().describe('The `next` of the page before.') });
}

/** Where the next page of such a list begins. */
export const nextAfter = z.string().nullable().describe('Send it as `after` for the next page; null after the last.');

const SEPARATOR = '~';

/**
 * A place in a list as text, such as "3~atlas": what its entries are ordered by. `parts` reads as many texts as it has; only the
 * last one may hold the separator.
 */
export function placeOf<Place>(parts: z.ZodType<Place, string[]>, count: number) {
  return z
    .string()
    .max(1_000)
    .transform((text, context): Place => {
      const words = text.split(SEPARATOR);
      const parsed = parts.safeParse([...words.slice(0, count - 1), words.slice(count - 1).join(SEPARATOR)]);
      if (parsed.success) return parsed.data;
      context.addIssue('expected what the page before gave as next');
      return z.NEVER;
    });
}

/** The same on the way out. */
export function placeText(...parts: readonly (string | number | Date)[]): string {
  return parts.map((part) => (part instanceof Date ? part.toISOString() : String(part))).join(SEPARATOR);
}
