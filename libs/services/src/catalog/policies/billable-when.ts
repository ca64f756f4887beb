import { z } from 'zod';
import { headerName, jsonPointer } from '../meter-bindings-in-file.js';

const values = z.array(z.string().max(200)).min(1).max(100);
const selector = z.string().min(1).max(200).default('*').describe('Which operations, by the selectors of meters.');
const oneOf = values.describe('The answer is billable with one of these values only.');
const noneOf = values.describe('The answer is billable unless it has one of these values.');

/** Rules that tell soft errors in 2xx answers; the first whose selector matches holds. */
export const billableWhenSchema = z
  .array(
    z.union([
      z.strictObject({ selector, header: headerName, oneOf }),
      z.strictObject({ selector, header: headerName, noneOf }),
      z.strictObject({ selector, pointer: jsonPointer, oneOf }),
      z.strictObject({ selector, pointer: jsonPointer, noneOf }),
    ]),
  )
  .max(100)
  .describe('Tells 2xx answers that are errors in truth by a header, or a value in their JSON body.');
