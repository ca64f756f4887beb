import { z } from 'zod';

const severity = z
  .enum(['breaking', 'non_breaking', 'docs'])
  .describe('breaking: a correct caller may fail. non_breaking: none can. docs: words only.');

export const change = z
  .object({
    rule: z.string().describe('The rule that found it: "parameter_required".'),
    severity,
    operation: z
      .object({
        method: z.string().describe('WEBHOOK for what the API itself calls.'),
        template: z.string().describe('Relative to the version’s base path.'),
        operationId: z.string().nullable(),
      })
      .nullable()
      .describe('Null for what is said of the API as a whole.'),
    place: z.string().describe('Where in the operation: "query parameter limit".'),
    message: z.string().describe('What changed, as plain text.'),
  })
  .meta({ id: 'DocumentChange', description: 'One difference between two versions.' });

export const versionChanges = z
  .object({
    api: z.object({ slug: z.string(), title: z.string() }),
    from: z.string().describe('The name of the version that is compared with.'),
    to: z.string(),
    counts: z.object({ breaking: z.int(), nonBreaking: z.int(), docs: z.int() }),
    changes: z.array(change).readonly().describe('By operation, at most 5,000.'),
    isCutShort: z.boolean().describe('True when there are more.'),
  })
  .meta({ id: 'VersionChanges', description: 'What changed between two versions of an API.' });
