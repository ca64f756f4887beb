import { z } from 'zod';

/** What identifies something in the catalogue. */
export const slug = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, 'expected lower-case letters, digits and hyphens')
  .describe('Identifies it in this file, in URLs and on the command line. Never changes.');
