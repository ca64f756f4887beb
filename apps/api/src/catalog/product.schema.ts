import { z } from 'zod';
import { nextAfter, pageAfter, placeOf } from '../contract/page.schema.js';
import { id, instant, slug } from '../contract/value.schema.js';
import { plan } from './plan.schema.js';

export const versionHeader = z
  .object({
    name: z.string(),
    value: z.string().describe('What calls of this version send.'),
    isDefault: z.boolean().describe('Calls without the header are for this version.'),
  })
  .nullable()
  .describe('The header that tells versions apart which are at the same place; null for one that is alone there.');

const apiVersion = z
  .object({
    id,
    name: z.string(),
    state: z.enum(['published', 'deprecated', 'retired']),
    host: z
      .string()
      .nullable()
      .describe('The only host that it takes requests for, at scheme and port of the gateway; null for any.'),
    basePath: z.string().describe('Where the version is at the gateway.'),
    versionHeader,
    title: z.string(),
    latest: z.boolean(),
  })
  .meta({ id: 'ApiVersion' });

export const product = z
  .object({
    id,
    slug: z.string(),
    title: z.string(),
    summary: z.string(),
    description: z.string().describe('Markdown.'),
    tags: z.array(z.string()).readonly().describe('By which readers of the catalogue find it.'),
    publisher: z.object({ slug: z.string(), name: z.string() }),
    termsVersion: z.string().nullable().describe('Version of the terms that subscribing agrees to; null for none.'),
    apis: z
      .array(z.object({ slug: z.string(), title: z.string(), versions: z.array(apiVersion).readonly() }))
      .readonly(),
    meters: z
      .array(z.object({ slug: z.string(), title: z.string(), unit: z.string() }).meta({ id: 'Meter' }))
      .readonly(),
    plans: z.array(plan).readonly(),
  })
  .meta({ id: 'Product', description: 'A bundle of APIs that is sold with plans of its own.' });

export const productDetails = product
  .extend({
    descriptionHtml: z
      .string()
      .describe(
        'The description as HTML without anything that runs or loads from elsewhere; headings from level 3 on.',
      ),
  })
  .meta({ id: 'ProductDetails' });

export const productTerms = z
  .object({
    version: z.string(),
    publishedAt: instant,
    text: z.string().describe('Plain text; empty lines separate paragraphs.'),
  })
  .meta({ id: 'ProductTerms', description: 'What those who subscribe to a product agree to.' });

/** Where a list of products goes on, as text: "3~atlas". */
const productPlace = placeOf(
  z.tuple([z.coerce.number<string>().int(), slug]).transform(([position, name]) => ({ position, slug: name })),
  2,
);

export const productQuery = pageAfter(productPlace);

export const productPage = z
  .object({ products: z.array(product).readonly(), next: nextAfter })
  .meta({ id: 'ProductPage' });

export const productList = z.object({ products: z.array(product).readonly() }).meta({ id: 'ProductList' });
