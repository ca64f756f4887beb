import { GREATEST_MAXIMUM, compareDecimals, isDecimal, readJsonPointer } from '#domain';
import { z } from 'zod';

const weight = z
  .union([z.string(), z.number()])
  .transform((value) => String(value))
  .refine(isDecimal, 'expected a decimal number of at most 12 places, such as "0.0025"')
  .describe('Units of a matching request, or of each unit of its value. Exact decimal; quote it to be safe.');

const maximum = z
  .union([z.string(), z.number()])
  .transform((value) => String(value))
  .refine(
    (text) => isDecimal(text) && Number(text) > 0 && compareDecimals(text, String(GREATEST_MAXIMUM)) <= 0,
    `expected a decimal number above 0, at most ${GREATEST_MAXIMUM}`,
  )
  .optional()
  .describe('Units of the meter that are reserved before a call; more is never billed.');

export const headerName = z.string().regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}$/, 'expected a header name');
export const jsonPointer = z
  .string()
  .max(500)
  .refine((text) => readJsonPointer(text) !== null, 'expected a JSON pointer (RFC 6901) such as /usage/total_tokens');

const header = headerName.optional().describe('Default: X-Usage-Cost.');

/** Where a call's own number of units comes from. */
const value = z
  .discriminatedUnion('from', [
    z.strictObject({ from: z.literal('response_header'), header, maximum }),
    z.strictObject({
      from: z.literal('response_json'),
      pointer: jsonPointer.describe('Into the JSON body, or the data of the last server-sent event that has it.'),
      header,
      maximum,
    }),
    z.strictObject({ from: z.literal('request_bytes'), maximum }),
    z.strictObject({ from: z.literal('response_bytes'), maximum }),
    z.strictObject({ from: z.literal('messages'), maximum }),
    z.strictObject({ from: z.literal('seconds') }),
  ])
  .optional()
  .describe('Where the number of units of a call comes from, when they do not all count the weight.');

/** Which operations count into a meter, and how much. */
export const meterBindings = z
  .array(z.strictObject({ selector: z.string().min(1).max(200), weight: weight.default('1'), value }))
  .min(1)
  .max(500)
  .describe(
    'First match wins. A selector is an operation id, tag:NAME, "METHOD /template", /template, /path/* for all beneath it, or *.',
  );
