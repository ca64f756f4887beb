import { z } from 'zod';
import { id, instantInput } from '../contract/value.schema.js';

const parts = z.tuple([instantInput, id]);

/** Where a walk over the board goes on, as text: "2026-11-01T00:00:00.000Z_0193…". */
export const boardCursor = z
  .string()
  .max(80)
  .transform((text, context) => {
    const parsed = parts.safeParse(text.split('_'));
    if (parsed.success) return { endsAt: parsed.data[0], id: parsed.data[1] };
    context.addIssue('expected what the page before gave as next');
    return z.NEVER;
  });

/** The same on the way out; null after the last page. */
export function toCursor(next: { readonly endsAt: Date; readonly id: string } | null): string | null {
  return next && `${next.endsAt.toISOString()}_${next.id}`;
}
