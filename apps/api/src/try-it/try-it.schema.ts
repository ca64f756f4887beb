import { billabilityRowNames } from '#domain';
import { z } from 'zod';
import { decimal, id, productReference } from '../contract/value.schema.js';

const api = z.string().min(1).max(63).describe('Slug of the API.');
const version = z.string().min(1).max(63).describe('The name of a version, or "latest".');
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;

export const previewCallRequest = z
  .strictObject({
    api,
    version,
    method: z.enum(methods),
    template: z.string().min(1).max(2_000).describe('As in the document: "/countries/{code}".'),
  })
  .meta({ id: 'PreviewCallRequest' });

const previewedQuota = z
  .object({
    name: z.string(),
    limit: z.int(),
    used: decimal,
    enforcement: z.enum(['hard', 'soft']),
    unit: z.string(),
  })
  .meta({ id: 'PreviewedQuota' });

export const callPreview = z
  .object({
    test: z
      .object({
        product: productReference,
        limit: z.int().describe('Calls of the application in a UTC day.'),
        used: z.int().describe('Of today, as far as the ledger knows: some seconds old.'),
      })
      .nullable()
      .describe('Calls with a test key, which are never billed; null when the API is in no product.'),
    live: z
      .object({
        subscriptionId: id,
        product: productReference,
        plan: z.object({ slug: z.string(), title: z.string() }),
        isIncluded: z.boolean().describe('False when the plan lacks the operation: its calls are refused.'),
        currency: z.string().describe('ISO 4217 code.'),
        meters: z
          .array(
            z.object({
              slug: z.string(),
              title: z.string(),
              unit: z.string().describe('In the singular.'),
              units: decimal.describe('What the call counts.'),
              isMaximum: z.boolean().describe('Each call has a number of its own; `units` is the most.'),
              amount: decimal
                .nullable()
                .describe(
                  'In major units, exact, after what was used so far; null where units do not decide it alone.',
                ),
            }),
          )
          .readonly(),
        billedFor: z.array(z.enum(billabilityRowNames)).readonly().describe('The answers with which it is billed.'),
        quotas: z.array(previewedQuota).readonly(),
      })
      .nullable()
      .describe('What the call costs with a live key; null without an active subscription.'),
    products: z.array(productReference).readonly().describe('Where one can subscribe.'),
  })
  .meta({ id: 'CallPreview', description: 'What a call means before it is made.' });

const header = z.strictObject({
  name: z
    .string()
    .min(1)
    .max(100)
    .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'expected the name of a header field'),
  value: z
    .string()
    .max(8_000)
    .regex(/^[\t\x20-\x7e]*$/, 'expected visible ASCII characters and spaces'),
});

export const tryCallRequest = z
  .strictObject({
    api,
    version,
    key: z.string().min(1).max(200).describe('A whole test key of the application. It is neither kept nor logged.'),
    method: z.enum(methods),
    path: z.string().min(1).max(8_000).describe('What follows the base path, with the query: "/countries/NZ?limit=2".'),
    headers: z.array(header).max(50).default([]),
    body: z.string().max(262_144).nullable().default(null),
  })
  .meta({ id: 'TryCallRequest' });

export const triedCall = z
  .object({
    status: z.int(),
    headers: z.array(z.object({ name: z.string(), value: z.string() })).readonly(),
    text: z.string().nullable().describe('The body; null when it is no text.'),
    bytes: z.int().describe('Of the body that were read.'),
    cut: z
      .enum(['size', 'time', 'broken'])
      .nullable()
      .describe('Why not all of the body was read: 256 KiB, 20 s, or a connection that broke; null when all was.'),
    durationMs: z.int(),
  })
  .meta({ id: 'TriedCall', description: 'What the gateway answered.' });
