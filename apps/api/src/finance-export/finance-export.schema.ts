import { reportNames, tableFormats } from '#services';
import { z } from 'zod';
import { instantInput } from '../contract/value.schema.js';

export const reportName = z.enum(reportNames);

export const tableFormat = z.enum(tableFormats);

export const spanQuery = z.strictObject({
  from: instantInput.optional().describe('From this instant on.'),
  to: instantInput.optional().describe('Up to before this instant.'),
});
