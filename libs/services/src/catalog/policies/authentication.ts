import { USUAL_KEY_PLACES } from '#domain';
import { z } from 'zod';
import { jwtSchema } from './jwt.js';
import { mtlsSchema } from './mtls.js';

const RESERVED_HEADERS =
  /^(authorization|host|connection|content-.*|transfer-encoding|upgrade|te|trailer|expect|cookie|via|forwarded|x-(forwarded|consumer|tollgate)-.*|tollgate-.*)$/;

const keys = z
  .strictObject({
    header: z
      .string()
      .regex(/^[A-Za-z0-9-]{1,64}$/, 'expected a header name')
      .transform((name) => name.toLowerCase())
      .refine((name) => !RESERVED_HEADERS.test(name), 'this header means something else')
      .default(USUAL_KEY_PLACES.header)
      .describe('Header field that holds the key and nothing else.'),
    bearer: z.boolean().default(USUAL_KEY_PLACES.bearer).describe('Authorization: Bearer KEY'),
    basicUser: z.boolean().default(USUAL_KEY_PLACES.basicUser).describe('User name of Authorization: Basic'),
    queryParameter: z
      .union([z.string().regex(/^[A-Za-z0-9._~-]{1,64}$/, 'expected a parameter name'), z.null()])
      .default(USUAL_KEY_PLACES.queryParameter)
      .describe(
        'Query parameter that may hold the key; null for none. Addresses with keys end up in other people’s logs.',
      ),
  })
  .describe('Where a request may carry its API key. The key never reaches the upstream.');

/** The section `authentication` of an API version's policies. */
export const authenticationSchema = z
  .strictObject({ keys: keys.optional(), jwt: jwtSchema.optional(), mtls: mtlsSchema.optional() })
  .describe('How callers say who they are; absent: with an API key in one of the usual places.');
