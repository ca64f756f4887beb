import { z } from 'zod';

const MAX_FILES = 500;

const digest = z.string().regex(/^[0-9a-f]{64}$/, 'expected the digest of an answer: 64 hexadecimal digits');

export const catalogRequest = z
  .strictObject({
    catalog: z
      .record(z.string(), z.unknown())
      .describe('What a catalogue file says, as JSON; its JSON Schema is that of the file.'),
    files: z
      .record(z.string().min(1).max(500), z.base64())
      .refine((files) => Object.keys(files).length <= MAX_FILES, `expected at most ${MAX_FILES} files`)
      .default({})
      .describe('The files that it names, such as documents and guides, by these names, in base64.'),
    variables: z
      .record(z.string().min(1).max(100), z.string())
      .default({})
      .describe('What `${name}` in its texts stands for. A secret whose variable is not given stays as it is.'),
    dryRun: z.boolean().default(false).describe('Only say what would change.'),
    expectedDigest: digest
      .optional()
      .describe(
        'The digest that came with what was shown: nothing is changed unless it is just that. Default: whatever it is.',
      ),
  })
  .meta({ id: 'CatalogRequest' });

export const appliedCatalog = z
  .object({
    dryRun: z.boolean(),
    digest: digest.describe('Of what the file says and of these changes, to apply just this as `expectedDigest`.'),
    unchanged: z
      .number()
      .int()
      .min(0)
      .describe('How many APIs, versions, products, plans and coupons of the file are as it says.'),
    changes: z
      .array(
        z
          .object({
            action: z
              .enum(['create', 'update', 'publish', 'retire', 'delete', 'keep'])
              .describe('`keep`: the file says otherwise, and what is there stays; the remarks say why.'),
            noun: z.string().describe('What kind of thing, such as "API version".'),
            name: z.string().describe('Which one, such as "orders/v1".'),
            remarks: z.array(z.string()).readonly(),
            differences: z
              .array(
                z
                  .object({ path: z.string(), from: z.string().nullable(), to: z.string().nullable() })
                  .meta({ id: 'CatalogDifference' }),
              )
              .readonly()
              .describe('Each place in it that differs; null where there is nothing.'),
          })
          .meta({ id: 'AppliedCatalogChange' }),
      )
      .readonly()
      .describe('In the order in which they are made; empty when everything is as the file says.'),
  })
  .meta({ id: 'AppliedCatalog' });
