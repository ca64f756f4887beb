import { z } from 'zod';

export const idempotencySchema = z
  .strictObject({
    operations: z
      .array(z.string().min(1).max(200))
      .min(1)
      .max(500)
      .default(['*'])
      .describe('Operation ids, tag:NAME, "METHOD /template", or *; of these, every POST and PATCH.'),
    isRequired: z.boolean().default(false).describe('Refuses calls without the field Idempotency-Key.'),
    keepSeconds: z.number().int().min(60).max(86_400).default(86_400).describe('How long an answer is given again.'),
    maxBodyBytes: z
      .number()
      .int()
      .min(1)
      .max(1_048_576)
      .default(1_048_576)
      .describe('Longer request bodies are refused with a key; longer answers are not given again.'),
  })
  .describe('Calls with one Idempotency-Key are made once; the answer is given again.');
