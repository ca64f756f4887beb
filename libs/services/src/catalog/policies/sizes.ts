import { defaultSizePolicy } from '#domain';
import { z } from 'zod';

const maxBodyBytes = z
  .number()
  .int()
  .min(0)
  .max(1024 ** 4)
  .default(defaultSizePolicy.maxBodyBytes)
  .describe('Largest request body, after transfer decoding. A larger one is refused with 413.');

export const sizesSchema = z.strictObject({ maxBodyBytes });
