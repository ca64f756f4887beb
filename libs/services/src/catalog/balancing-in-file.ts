import { CALLER_HASH_KEYS, type HashKey } from '#domain';
import { z } from 'zod';
import { headerName } from './meter-bindings-in-file.js';

const hashKey: z.ZodType<HashKey> = z.union([
  z.enum(CALLER_HASH_KEYS),
  z.strictObject({ header: headerName.describe('The value of this field.') }),
  z.strictObject({ cookie: headerName.describe('The value of this cookie.') }),
]);

/** The section `hashBy` of an upstream. */
export const hashByInFile = z
  .array(hashKey)
  .min(1)
  .max(4)
  .describe(
    'With balancing consistent-hash: a call goes where others of the same value go. The first of these that it has decides; a call without any ' +
      'goes in turn. Default: application.',
  );
