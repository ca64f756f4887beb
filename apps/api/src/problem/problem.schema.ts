import { z } from 'zod';

export const problem = z
  .object({
    type: z.string().describe('A URI that stands for the code.'),
    title: z.string(),
    status: z.int(),
    detail: z.string().describe('What went wrong and what to do about it, for people.'),
    code: z.string().describe('Stable; programs decide by it.'),
    requestId: z.string().describe('Names this request in the logs.'),
    faults: z
      .array(z.object({ path: z.string(), message: z.string() }))
      .optional()
      .describe('Each part of the request that was refused, and what is expected there.'),
  })
  .meta({ id: 'Problem', description: 'Every refusal and failure, in the form of RFC 9457.' });

export type ProblemDocument = z.output<typeof problem>;
