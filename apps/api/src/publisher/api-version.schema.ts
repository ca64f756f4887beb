import { MAX_DOCUMENT_BYTES } from '#openapi';
import { apiVersionInFile, upstreamUrl } from '#services';
import { z } from 'zod';
import { change } from '../docs/change.schema.js';
import { nextAfter, pageAfter, placeOf } from '../contract/page.schema.js';
import { versionHeader } from '../catalog/product.schema.js';
import { id, instant, organizationReference, productReference, slug } from '../contract/value.schema.js';

const state = z.enum(['draft', 'published', 'deprecated', 'retired']);
const sunsetOn = z.iso.date().nullable().describe('The UTC day from which on it is switched off; null for none.');
const apiReference = z.object({ slug, title: z.string() });

const route = z.object({
  method: z.string(),
  template: z.string().describe('Relative to the version’s base path.'),
  operation: z.string().describe('The operation id, else "METHOD /template".'),
  tags: z.array(z.string()).readonly(),
});

const listedApiVersion = z
  .object({
    id,
    name: z.string(),
    state,
    host: z.string().nullable(),
    basePath: z.string().describe('Path prefix at the gateway.'),
    versionHeader,
    operationCount: z.int(),
    publishedAt: instant
      .nullable()
      .describe('When readers first saw it; null for one that was never more than a draft.'),
    sunsetOn,
    retiresAtSunset: z.boolean().describe('Whether it is switched off by itself on that day.'),
  })
  .meta({ id: 'ListedApiVersion' });

export const publisherApiQuery = pageAfter(slug);

export const publisherApiList = z
  .object({
    apis: z
      .array(
        apiReference
          .extend({
            products: z.array(productReference).readonly().describe('That it is sold in.'),
            versions: z.array(listedApiVersion).readonly().describe('The newest first, drafts too; at most 100.'),
          })
          .meta({ id: 'PublisherApi' }),
      )
      .readonly(),
    next: nextAfter,
  })
  .meta({ id: 'PublisherApiList' });

export const publisherApiVersion = listedApiVersion
  .extend({
    api: apiReference,
    info: z.object({ title: z.string(), version: z.string() }).describe('Of the document.'),
    documentHash: z.string(),
    createdAt: instant,
    routes: z.array(route).readonly().describe('Its operations, in the order of the document.'),
    upstream: z
      .object({
        urls: z.array(z.string()).readonly(),
        hasCredential: z.boolean(),
        subsets: z.array(z.string()).readonly().describe('Named parts of its targets; empty for none.'),
      })
      .nullable()
      .describe('Where its requests go; null where the document answers in its place.'),
    policies: z.array(z.string()).readonly().describe('The sections of its policies that are on.'),
    guides: z.array(z.object({ slug: z.string(), title: z.string() })).readonly(),
  })
  .meta({ id: 'PublisherApiVersion' });

const source = z
  .string()
  .min(1)
  .max(MAX_DOCUMENT_BYTES)
  .describe('An OpenAPI 3.0.x or 3.1.x document as YAML or JSON, at most 10 MiB.');

export const replaceDocumentRequest = z.strictObject({ source }).meta({ id: 'ReplaceApiDocumentRequest' });

export const checkDocumentRequest = z
  .strictObject({
    source,
    against: z
      .string()
      .max(63)
      .optional()
      .describe('The name of the version to compare with. Default: the newest that callers have.'),
  })
  .meta({ id: 'CheckDocumentRequest' });

export const checkedDocument = z
  .object({
    info: z.object({ title: z.string(), version: z.string(), openapi: z.string() }),
    routes: z.array(route).readonly(),
    remarks: z
      .object({
        problems: z
          .array(
            z.object({
              rule: z.string().describe('Of https://redocly.com/docs/cli/rules.'),
              severity: z.enum(['error', 'warn']),
              message: z.string(),
              pointer: z.string().describe('A JSON pointer into the document.'),
            }),
          )
          .readonly(),
        isCutShort: z.boolean().describe('True when there are more, or may be: the rules get 10 s.'),
      })
      .describe('What could be better about it; it can be published all the same. Errors first, at most 200.'),
    compared: z
      .object({
        with: z.object({ name: z.string(), state }),
        counts: z.object({ breaking: z.int(), nonBreaking: z.int(), docs: z.int() }),
        changes: z.array(change).readonly().describe('By operation, at most 5,000.'),
        isCutShort: z.boolean().describe('True when there are more.'),
      })
      .nullable()
      .describe('What differs for callers; null for an API without versions.'),
  })
  .meta({ id: 'CheckedDocument' });

export const createApiVersionRequest = z
  .strictObject({
    name: apiVersionInFile.shape.name,
    host: apiVersionInFile.shape.host,
    basePath: apiVersionInFile.shape.basePath,
    versionHeader: apiVersionInFile.shape.versionHeader,
    like: z
      .string()
      .max(63)
      .nullable()
      .default(null)
      .describe('The name of a version of the API whose upstream, policies and guides it gets.'),
    upstreamUrl: upstreamUrl
      .nullable()
      .default(null)
      .describe(
        'Where its requests go: scheme, host and maybe a path prefix. Needed without `like`; with it, in the place of that upstream, ' +
          'whose credential stays behind.',
      ),
    source,
  })
  .meta({ id: 'CreateApiVersionRequest' });

export const deprecateRequest = z
  .strictObject({
    sunsetOn: sunsetOn.default(null),
    retiresAtSunset: z
      .boolean()
      .default(false)
      .describe(
        'Switches it off by itself on that day. Its team and those who still call it are told a week and a day before.',
      ),
    notifies: z
      .boolean()
      .default(false)
      .describe('Writes to the owners, admins and developers of organizations that called it in the last 90 days.'),
  })
  .meta({ id: 'DeprecateApiVersionRequest' });

export const deprecatedApiVersion = publisherApiVersion
  .extend({ notified: z.int().describe('How many organizations get a mail.') })
  .meta({ id: 'DeprecatedApiVersion' });

const callerPlace = placeOf(
  z
    .tuple([z.coerce.number<string>().int().min(0), id])
    .transform(([calls, applicationId]) => ({ calls, applicationId })),
  2,
);

export const apiVersionCallerQuery = pageAfter(callerPlace);

export const apiVersionCallerList = z
  .object({
    latest: z.string().nullable().describe('The version that callers should move to; null when it is this one.'),
    callers: z
      .array(
        z
          .object({
            organization: organizationReference,
            application: z.object({ id, name: z.string() }),
            calls: z.int().describe('Live calls in the last 90 days.'),
            operationCount: z.int().describe('How many operations it has called.'),
            breakingOperations: z
              .array(z.string())
              .readonly()
              .describe('What it has called that a correct caller may fail with in the latest version.'),
            lastAt: instant.describe('The beginning of the latest UTC day with a call.'),
          })
          .meta({ id: 'ApiVersionCaller' }),
      )
      .readonly(),
    next: nextAfter,
  })
  .meta({ id: 'ApiVersionCallerList' });
