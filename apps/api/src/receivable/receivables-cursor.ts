import type { readReceivables } from '#services';
import { z } from 'zod';
import { id } from '../contract/value.schema.js';

type Place = NonNullable<Awaited<ReturnType<typeof readReceivables>>['next']>;

const parts = z.tuple([
  z.enum(['agrees', 'differs']),
  z.string().regex(/^-?\d{1,18}$/),
  id,
  z.string().regex(/^[A-Z]{3}$/),
]);

/** Where a walk over receivables goes on, as text: "agrees_1200_0193…_USD". */
export const receivablesCursor = z
  .string()
  .max(80)
  .transform((text, context): Place => {
    const parsed = parts.safeParse(text.split('_'));
    if (parsed.success) {
      const [proof, openMinor, organizationId, currency] = parsed.data;
      return { agrees: proof === 'agrees', openMinor: BigInt(openMinor), organizationId, currency };
    }
    context.addIssue('expected what the page before gave as next');
    return z.NEVER;
  });

/** The same on the way out; null after the last page. */
export function toCursor(next: Place | null): string | null {
  return next && `${next.agrees ? 'agrees' : 'differs'}_${next.openMinor}_${next.organizationId}_${next.currency}`;
}
