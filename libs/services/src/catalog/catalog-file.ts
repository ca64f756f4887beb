import {
  AGGREGATIONS,
  BALANCINGS,
  DEFAULT_IDLE_TIMEOUT_MS,
  PRODUCT_TAX_CATEGORIES,
  TAX_CODE_FORM,
  compareDecimals,
  isDecimal,
  isCurrency,
  isPackAmount,
} from '#domain';
import { z } from 'zod';
import { hashByInFile } from './balancing-in-file.js';
import { couponInFile } from './coupon-in-file.js';
import { discoveryFaults, discoveryInFile } from './discovery-in-file.js';
import { seller } from './seller-in-file.js';
import { authenticationSchema } from './policies/authentication.js';
import { cacheSchema } from './policies/cache.js';
import { idempotencySchema } from './policies/idempotency.js';
import { distinctValue } from './distinct-value-in-file.js';
import { meterBindings } from './meter-bindings-in-file.js';
import { billableWhenSchema } from './policies/billable-when.js';
import { corsSchema, originsSchema } from './policies/cors.js';
import { limitsSchema } from './policies/limits.js';
import { circuitBreakerSchema, healthCheckSchema, responseTimeoutMs, retriesSchema } from './policies/resilience.js';
import { sizesSchema } from './policies/sizes.js';
import { translationSchema } from './policies/translation.js';
import { transportSchema } from './policies/transport.js';
import { addressesSchema } from './policies/addresses.js';
import { mockSchema } from './policies/mock.js';
import { validationSchema } from './policies/validation.js';
import { transformationsSchema } from './policies/transformations.js';
import { decimal } from './price-in-file.js';
import { ownHeader } from './own-header.js';
import { subsetName, trafficFaults, trafficInFile } from './traffic-in-file.js';
import { testUpstreamTls, upstreamTls } from './upstream-tls-in-file.js';
import { upstreamToken } from './upstream-token-in-file.js';
import { versionHeaderInFile } from './version-header-in-file.js';
import { type PlanInFile, plan } from './plan-in-file.js';
import { position, title } from './shown-in-file.js';
import { slug } from './slug-in-file.js';

const meter = z.strictObject({
  slug,
  title,
  unit: z.string().trim().min(1).max(40).describe('In the singular: "request".'),
  aggregation: z
    .enum(AGGREGATIONS)
    .default('sum')
    .describe('How the events of a period become units. New plan versions take it over; published ones keep theirs.'),
  distinctValue: distinctValue.nullable().default(null).describe('What is counted once; with aggregation "unique".'),
  bindings: meterBindings,
});

const terms = z.strictObject({
  version: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9.-]{0,31}$/, 'expected a short name such as 2026-11'),
  text: z.string().trim().min(1).max(200_000).describe('Plain text; empty lines separate paragraphs.'),
});

const creditPack = z
  .strictObject({
    slug,
    title,
    currency: z.string().refine(isCurrency, 'expected an ISO 4217 code such as EUR'),
    price: decimal.optional().describe('Before tax. With credits: a fixed pack.'),
    credits: decimal.optional().describe('What it grants.'),
    minimum: decimal.optional().describe('With maximum, in the place of a price: the buyer chooses the amount.'),
    maximum: decimal.optional(),
    validDays: z.number().int().min(1).max(3650).optional().describe('From the payment on. Default: for ever.'),
  })
  .refine(
    ({ price, credits, minimum, maximum }) =>
      price !== undefined && credits !== undefined
        ? minimum === undefined && maximum === undefined
        : price === undefined && credits === undefined && minimum !== undefined && maximum !== undefined,
    'give either price and credits, or minimum and maximum',
  )
  .refine(
    ({ currency, price, credits, minimum, maximum }) =>
      !isCurrency(currency) ||
      [price, credits, minimum, maximum].every((amount) => !isRead(amount) || isPackAmount(amount, currency)),
    'amounts must be more than 0, and no finer than the currency',
  )
  .refine(({ minimum, maximum }) => !isRead(minimum) || !isRead(maximum) || compareDecimals(minimum, maximum) <= 0, {
    error: 'expected no less than the minimum',
    path: ['maximum'],
  });

/** Of what is no decimal its own place tells. */
function isRead(amount: string | undefined): amount is string {
  return amount !== undefined && isDecimal(amount);
}

/** Characters of the text of a product's own page. */
export const MAX_DESCRIPTION = 20_000;

export const productInFile = z.strictObject({
  slug,
  title,
  publisher: slug,
  summary: z.string().max(300).default(''),
  description: z
    .string()
    .max(MAX_DESCRIPTION)
    .default('')
    .describe(
      'Markdown, for its own page. "file:products/atlas.md" stands for the text of a file, relative to this one; in a file, a text that begins so itself has a backslash before it.',
    ),
  tags: z
    .array(z.string().trim().min(1).max(30))
    .max(10)
    .refine((tags) => new Set(tags).size === tags.length, 'expected each tag once')
    .default([])
    .describe('By which readers of the catalogue find it.'),
  position,
  taxCategory: z
    .enum(PRODUCT_TAX_CATEGORIES)
    .default('standard')
    .describe('Which of the seller’s tax rates is charged for it; where there is none of it, the standard one.'),
  taxCode: z
    .string()
    .regex(TAX_CODE_FORM, 'expected a tax code of Stripe, such as txcd_10103001')
    .nullable()
    .optional()
    .describe(
      'As what Stripe taxes it, where Stripe computes its seller’s tax: https://docs.stripe.com/tax/tax-codes. Null: as the account says. ' +
        'Default: as it is, at first null.',
    ),
  testQuota: z
    .number()
    .int()
    .min(0)
    .max(10_000_000)
    .default(1_000)
    .describe('Calls with test keys, per application and UTC day.'),
  terms: terms
    .optional()
    .describe(
      'What those who subscribe agree to. Another text needs another version. Default: as it is, at first none.',
    ),
  apis: z.array(slug).min(1).max(100),
  meters: z.array(meter).min(1).max(50),
  plans: z.array(plan).max(50).default([]),
  creditPacks: z.array(creditPack).max(20).default([]).describe('Prepaid credits that its subscribers can buy.'),
});

const protocol = z
  .enum(['http1', 'h2'])
  .optional()
  .describe('h2: HTTP/2, by TLS to an https upstream and with prior knowledge to an http one. Default http1.');

export const upstreamUrl = z
  .url({ protocol: /^https?$/, error: 'expected an http:// or https:// URL' })
  .describe('Scheme, host and maybe a path prefix.');

export const upstreamPlace = z.strictObject({
  url: upstreamUrl,
  connectTimeoutMs: z.number().int().min(50).max(60_000).default(2_000),
  responseTimeoutMs: responseTimeoutMs
    .default(30_000)
    .describe('Until the head of the response, all attempts together.'),
  idleTimeoutMs: z
    .number()
    .int()
    .min(100)
    .max(86_400_000)
    .default(DEFAULT_IDLE_TIMEOUT_MS)
    .describe('How long it may be silent in the middle of its answer.'),
});

/** What is no URL at all is told of elsewhere. */
function readable(targets: readonly { readonly url: string }[]): string[] {
  return targets.map(({ url }) => url).filter((url) => URL.canParse(url));
}

function commonPartOf(url: string): string {
  const { protocol, pathname } = new URL(url);
  return protocol + pathname.replace(/\/+$/, '');
}

const target = z.strictObject({
  url: upstreamUrl,
  weight: z.number().int().min(1).max(1_000).default(1).describe('Its share among the others, of its subset.'),
  subset: subsetName.optional(),
});

export const upstreamInFile = upstreamPlace
  .extend({
    url: upstreamUrl.optional(),
    targets: z
      .array(target)
      .min(1)
      .max(50)
      .optional()
      .describe('In the place of url: several places with the same API, that differ in host and port only.'),
    balancing: z.enum(BALANCINGS).optional().describe('How calls are shared among the targets. Default round-robin.'),
    hashBy: hashByInFile.optional(),
    traffic: trafficInFile.optional(),
    discovery: discoveryInFile.optional(),
    healthCheck: healthCheckSchema.optional(),
    retries: retriesSchema.optional(),
    circuitBreaker: circuitBreakerSchema.optional(),
    credential: z
      .strictObject({
        header: ownHeader,
        value: z
          .string()
          .regex(/^[\x21-\x7e]([\x20-\x7e]{0,4094}[\x21-\x7e])?$/, 'expected printable ASCII')
          .optional()
          .describe(
            'Give it as a variable. Absent, or a variable without a value: the stored one stays, where the upstream stays where it is.',
          ),
      })
      .optional()
      .describe('Sent to the upstream with every request; stored sealed and never shown.'),
    token: upstreamToken.optional(),
    tls: upstreamTls.optional(),
    protocol,
  })
  .refine(({ url, targets }) => (url === undefined) !== (targets === undefined), 'give either url or targets')
  .refine(
    ({ targets = [] }) =>
      new Set(readable(targets).map((url) => new URL(url).origin)).size === readable(targets).length,
    {
      error: 'two targets are at the same place',
      path: ['targets'],
    },
  )
  .refine(({ targets = [] }) => new Set(readable(targets).map(commonPartOf)).size <= 1, {
    error: 'targets differ in host and port only: give them the same scheme and path',
    path: ['targets'],
  })
  .refine(({ balancing, hashBy }) => hashBy === undefined || balancing === 'consistent-hash', {
    error: 'only balancing consistent-hash goes by it',
    path: ['hashBy'],
  })
  .superRefine(({ url, targets, traffic, discovery }, context) => {
    const faults = [...trafficFaults(targets ?? [], traffic), ...discoveryFaults(discovery, { url, targets, traffic })];
    for (const { path, message } of faults) context.addIssue({ code: 'custom', path: [...path], message });
  });

export const policiesInFile = z.strictObject({
  authentication: authenticationSchema.optional(),
  cache: cacheSchema.optional(),
  billableWhen: billableWhenSchema.optional(),
  cors: corsSchema.optional(),
  idempotency: idempotencySchema.optional(),
  origins: originsSchema.optional(),
  limits: limitsSchema.optional(),
  sizes: sizesSchema.optional(),
  addresses: addressesSchema.optional(),
  transformations: transformationsSchema.optional(),
  translation: translationSchema.optional(),
  transport: transportSchema.optional(),
  validation: validationSchema.optional(),
  mock: mockSchema.optional(),
  testUpstream: upstreamPlace
    .extend({ tls: testUpstreamTls.optional().describe('For an https upstream.'), protocol })
    .optional()
    .describe('Where calls with test keys go, without the credential.'),
});

const policies = policiesInFile
  .default({})
  .describe('What the gateway does with the traffic of this version; a section that is absent is off.');

const guide = z.strictObject({
  slug,
  title,
  text: z
    .string()
    .refine((text) => text.trim() !== '', 'expected a text')
    .max(200_000)
    .describe(
      'Markdown. "file:guides/start.md" stands for the text of a file, relative to this one; a text that begins so itself has a backslash before it.',
    ),
});

export const apiVersionInFile = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9.-]{0,31}$/, 'expected a short name such as v1 or 2026-11'),
  state: z.enum(['draft', 'published', 'deprecated', 'retired']).default('published'),
  position: z
    .number()
    .int()
    .min(0)
    .max(10_000)
    .optional()
    .describe('Order among the versions; the highest published one is the latest. Default: the order in this file.'),
  sunset: z.iso
    .date()
    .nullable()
    .default(null)
    .describe('The day (UTC) from which on the version is switched off: shown with its deprecation.'),
  retireAtSunset: z
    .boolean()
    .default(false)
    .describe('true switches a deprecated version off by itself on the day of "sunset".'),
  guides: z
    .array(guide)
    .max(50)
    .refine(
      (guides) => new Set(guides.map(({ slug: name }) => name)).size === guides.length,
      'two guides have one slug',
    )
    .default([])
    .describe('Texts beside the reference, in this order.'),
  document: z
    .string()
    .min(1)
    .describe('Path of the OpenAPI document, relative to this file; a text of several lines is the document itself.'),
  host: z.union([z.hostname(), z.null()]).default(null).describe('Only requests for this host; null for any.'),
  basePath: z
    .string()
    .regex(/^\/([A-Za-z0-9._~-]+(\/[A-Za-z0-9._~-]+)*)?$/, 'expected a path such as /atlas/v1')
    .describe('Path prefix at the gateway; it is cut off before the request goes to the upstream.'),
  versionHeader: versionHeaderInFile.optional(),
  upstream: upstreamInFile.optional().describe('May be absent where policies.mock is on.'),
  policies,
});

export const apiInFile = z.strictObject({
  slug,
  title,
  publisher: slug,
  versions: z.array(apiVersionInFile).min(1).max(100),
});

export const publisherInFile = z.strictObject({
  slug,
  name: title,
  seller: slug.optional().describe('Who sells its products: one of sellers. Default: as it is, at first the seller.'),
});

/** The file that `tollgate apply` reads: a publisher's APIs, products, meters and plans, as code. */
export const catalogFileSchema = z
  .strictObject({
    tollgate: z.literal(1).describe('Version of this format.'),
    seller: seller.optional().describe('The legal entity that invoices for publishers that name no other.'),
    sellers: z
      .array(seller.extend({ slug }))
      .max(50)
      .default([])
      .describe('Further legal entities, for publishers that name them.'),
    publishers: z.array(publisherInFile).max(100).default([]),
    apis: z.array(apiInFile).max(200).default([]),
    products: z.array(productInFile).max(200).default([]),
    coupons: z.array(couponInFile).max(500).default([]),
  })
  .describe('Tollgate catalogue file');

/** A catalogue file after defaults are filled in. */
export type CatalogFile = z.output<typeof catalogFileSchema>;
export type ApiInFile = CatalogFile['apis'][number];
export type ApiVersionInFile = ApiInFile['versions'][number];
export type UpstreamInFile = z.output<typeof upstreamInFile>;
export type PoliciesInFile = z.output<typeof policiesInFile>;
export type ProductInFile = CatalogFile['products'][number];
export type { PlanInFile };

/** The JSON Schema (draft 2020-12) of the file, for editors; committed as docs/catalog.schema.json. */
export function catalogJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(catalogFileSchema, { io: 'input' }) as Record<string, unknown>;
}
