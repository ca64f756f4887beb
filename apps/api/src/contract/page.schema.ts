import { z } from 'zod';
import { id } from './value.schema.js';

/** Which part of a list that is read from its newest entry. */
export const pageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(100),
  before: id.optional().describe('The `next` of the page before.'),
});

/** Where the next page begins. */
export const next = id.nullable().describe('Send it as `before` for the next page; null after the last.');
