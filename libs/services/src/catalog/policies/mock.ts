import { z } from 'zod';

export const mockSchema = z
  .strictObject({
    for: z
      .enum(['test', 'all'])
      .default('test')
      .describe('Calls with test keys, or all. All where there is no upstream.'),
  })
  .describe(
    'Answers from the examples and schemas of the OpenAPI document, in the place of an upstream; never billed.',
  );
