import { AGGREGATIONS, PRODUCT_TAX_CATEGORIES } from '#domain';
import { productInWords } from '#services';
import { z } from 'zod';
import { decimal, slug } from '../contract/value.schema.js';
import { publisherOfNew } from './api.schema.js';

/** A product as the catalogue file says it, so that the two can never disagree. */
export const productRequest = productInWords.meta({
  id: 'ProductWords',
  description: 'What a product is, its plans apart, in the words of the catalogue file.',
});

export const createProductRequest = productInWords
  .extend({ slug, publisher: publisherOfNew })
  .meta({ id: 'CreateProductRequest' });

const text = z.string();
const binding = z
  .object({
    selector: text,
    weight: decimal,
    value: z
      .object({
        from: z.enum(['response_header', 'response_json', 'request_bytes', 'response_bytes', 'messages', 'seconds']),
        pointer: text.optional(),
        header: text.optional(),
        maximum: decimal.optional(),
      })
      .optional(),
  })
  .meta({ id: 'MeterBinding', description: 'The first that matches an operation gives its weight.' });

const meterInWords = z
  .object({
    slug: text,
    title: text,
    unit: text,
    aggregation: z.enum(AGGREGATIONS),
    distinctValue: z
      .object({
        from: z.enum(['credential', 'application', 'request_header', 'report']),
        header: text.optional(),
        pointer: text.optional(),
      })
      .nullable(),
    bindings: z.array(binding).readonly(),
  })
  .meta({ id: 'MeterInWords' });

const creditPackInWords = z
  .object({
    slug: text,
    title: text,
    currency: text,
    price: decimal.optional(),
    credits: decimal.optional(),
    minimum: decimal.optional(),
    maximum: decimal.optional(),
    validDays: z.int().optional(),
  })
  .meta({ id: 'CreditPackInWords' });

export const productToEdit = z
  .object({
    slug,
    words: z
      .object({
        title: text,
        summary: text,
        description: text.describe('Markdown.'),
        tags: z.array(text).readonly(),
        taxCategory: z.enum(PRODUCT_TAX_CATEGORIES),
        taxCode: text.nullable().optional(),
        testQuota: z.int(),
        terms: z.object({ version: text, text }).optional(),
        apis: z.array(text).readonly(),
        meters: z.array(meterInWords).readonly(),
        creditPacks: z.array(creditPackInWords).readonly(),
      })
      .describe('Can be sent back as they are.'),
  })
  .meta({ id: 'ProductToEdit' });

export const markdownPreviewRequest = z
  .strictObject({ markdown: productInWords.shape.description.unwrap() })
  .meta({ id: 'MarkdownPreviewRequest' });

export const markdownPreview = z
  .object({ html: text.describe('Without anything that runs or loads from elsewhere.') })
  .meta({ id: 'MarkdownPreview' });
