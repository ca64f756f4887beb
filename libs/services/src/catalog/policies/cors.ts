import { z } from 'zod';

/** "*", an origin as browsers write it, or one with an open first label. */
const origin = z
  .string()
  .max(300)
  .regex(
    /^(\*|[a-z][a-z0-9+.-]*:\/\/(\*\.)?([a-z0-9-]+\.)*[a-z0-9-]+(:\d{1,5})?)$/,
    'expected "*", an origin such as https://app.example.com, or https://*.example.com',
  );
const token = z.string().regex(/^[!#$%&'*+.^_`|~A-Za-z0-9-]{1,100}$/, 'expected a token such as x-trace');

export const corsSchema = z
  .strictObject({
    allowOrigins: z.array(origin).min(1).max(100),
    allowMethods: z.array(token).max(20).default([]).describe('Default: the methods that the path has.'),
    allowHeaders: z.array(token).max(100).default([]).describe('Default: whatever the page asks for.'),
    exposeHeaders: z.array(token).max(100).default([]).describe('Beside those of the gateway.'),
    allowCredentials: z.boolean().default(false),
    maxAgeSeconds: z.number().int().min(0).max(86_400).default(600),
  })
  .refine(({ allowOrigins, allowCredentials }) => !(allowCredentials && allowOrigins.includes('*')), {
    error: 'credentials need origins that are named: "*" would let every page act as its visitor',
    path: ['allowCredentials'],
  })
  .describe('Pages of which origins may read the answers; the gateway answers preflights itself.');

export const originsSchema = z
  .strictObject({
    allow: z.array(origin).min(1).max(100),
    isRequired: z.boolean().default(false).describe('Also refuses calls without the field Origin.'),
  })
  .describe('Calls with another Origin are refused with 403.');
