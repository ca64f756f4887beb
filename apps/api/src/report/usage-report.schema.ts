import { z } from 'zod';

/** What the OpenAPI document says of a report; each event is read by `parseReportedUsage`, which names what is wrong. */
const reportedUsage = z
  .object({
    specversion: z.literal('1.0'),
    type: z.literal('tollgate.usage'),
    source: z.string().describe('Which of your systems reports this. With `id` it names the event for ever.'),
    id: z.string().describe('The same whenever the event is sent again: then it counts once.'),
    subject: z
      .uuid()
      .describe('The subscription, or the application that used it: your API is told it in `X-Consumer-Application`.'),
    time: z.iso.datetime().optional().describe('When it was used; default: when it is received.'),
    data: z.object({
      product: z
        .string()
        .optional()
        .describe('Slug of the product, where an application has subscriptions to several that count this.'),
      quantities: z
        .record(z.string(), z.string())
        .describe('Units per meter, decimals as text: `{"tokens": "1250.5"}`. Whole numbers may be numbers.'),
      operation: z.string().optional().describe('What was done, in your words; default "reported".'),
      billable: z.boolean().optional().describe('Default true.'),
      attributes: z
        .record(z.string(), z.unknown())
        .optional()
        .describe('What meters that count different values read, such as `{"user": {"id": "u-17"}}`. Not stored.'),
    }),
  })
  .meta({ title: 'ReportedUsage', description: 'A CloudEvent 1.0 that reports usage.' });

const { $schema: _, ...schema } = z.toJSONSchema(z.union([reportedUsage, z.array(reportedUsage).max(1_000)]), {
  target: 'draft-2020-12',
  io: 'input',
});

/** The body of a report, as the OpenAPI document has it; the route reads the bytes. */
export const usageReport = z.unknown().meta({
  ...schema,
  id: 'UsageReport',
  description: 'A CloudEvent that reports usage, or up to 1,000 of them.',
});

export const reportOutcome = z
  .object({
    accepted: z.int().describe('Events that are counted now and were not before.'),
    duplicates: z.int().describe('Events that were counted before.'),
    requestIds: z.array(z.string()).readonly().describe('For each event its id in the request log.'),
  })
  .meta({ id: 'ReportOutcome', description: 'What became of a report: all of it is in the ledger.' });
