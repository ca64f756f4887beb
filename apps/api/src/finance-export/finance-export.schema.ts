import { reportNames, tableFormats } from '#services';
import { z } from 'zod';
import { etag } from '../contract/entity-tag.js';
import { instantInput } from '../contract/value.schema.js';

export const reportName = z.enum(reportNames);

export const tableFormat = z.enum(tableFormats);

export const reportQuery = z.strictObject({
  from: instantInput.optional().describe('From this instant on; not of `mrr`.'),
  to: instantInput.optional().describe('Up to before this instant; not of `mrr`.'),
  at: instantInput.optional().describe('Of `mrr` only: at this instant, else now.'),
});

export const report = z
  .object({
    columns: z.array(z.string()).readonly(),
    rows: z.array(z.array(z.string().nullable()).readonly()).readonly().describe('Texts in the order of the columns.'),
    hasMore: z.boolean().describe('There are more rows; the files have them all.'),
  })
  .meta({ id: 'Report', description: 'The first rows of a report. Amounts are in major units, instants in UTC.' });

export const accountKey = z.string().max(80);

export const account = z
  .object({
    account: z.string().describe('What journal entries call it, whatever its number.'),
    kind: z.enum(['asset', 'liability', 'revenue', 'expense']),
    plan: z.string().nullable().describe('“product/plan” for what is of one plan only; null for the rest.'),
    number: z.string(),
    name: z.string(),
    isMapped: z.boolean().describe('Finance has named it.'),
    etag,
  })
  .meta({ id: 'Account', description: 'An account of journal entries in the chart of finance.' });

export const accountList = z.object({ accounts: z.array(account).readonly() }).meta({ id: 'AccountList' });

export const accountInput = z
  .strictObject({
    plan: z.string().nullable().default(null).describe('“product/plan”, or null for the account as a whole.'),
    named: z
      .strictObject({ number: z.string(), name: z.string() })
      .nullable()
      .describe('The number and name in the chart of finance; null takes them back.'),
  })
  .meta({ id: 'AccountInput' });
