import { z } from 'zod';
import { type RatingCase, ratingCaseSchema } from './rating-case.js';

/** A case of the file, or why it cannot be read. `id` is its place in the file where it has none. */
export type ReadCase =
  | { readonly id: string; readonly rated: RatingCase }
  | { readonly id: string; readonly error: string };

/**
 * The cases of a file in the format of golden/rating.json: under `cases`, or a bare list of them.
 * @throws SyntaxError for what is no JSON, ZodError for what has no list of cases
 */
export function readCases(text: string): readonly ReadCase[] {
  const cases = z.union([z.array(z.unknown()), z.object({ cases: z.array(z.unknown()) })]).parse(JSON.parse(text));
  return (Array.isArray(cases) ? cases : cases.cases).map(readCase);
}

function readCase(value: unknown, index: number): ReadCase {
  const named = z.object({ id: z.string().min(1) }).safeParse(value);
  const id = named.success ? named.data.id : `case ${index + 1}`;
  const parsed = ratingCaseSchema.safeParse(value);
  if (parsed.success) return { id, rated: parsed.data };
  const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'case'}: ${message}`);
  return { id, error: faults.join('; ') };
}
