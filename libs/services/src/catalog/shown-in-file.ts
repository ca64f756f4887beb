import { z } from 'zod';

/** What people read as its name. */
export const title = z.string().trim().min(1).max(120);

/** Where it stands among its like. */
export const position = z
  .number()
  .int()
  .min(0)
  .max(10_000)
  .optional()
  .describe('Order on screens; default: the order in this file.');
