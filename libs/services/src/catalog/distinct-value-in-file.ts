import { z } from 'zod';
import { headerName, jsonPointer } from './meter-bindings-in-file.js';

/** Where a meter that counts different values takes an event's value from. */
export const distinctValue = z.discriminatedUnion('from', [
  z.strictObject({ from: z.literal('credential') }),
  z.strictObject({ from: z.literal('application') }),
  z.strictObject({ from: z.literal('request_header'), header: headerName }),
  z.strictObject({
    from: z.literal('report'),
    pointer: jsonPointer.refine((text) => text !== '', 'expected a pointer to one value, such as /user/id'),
  }),
]);
