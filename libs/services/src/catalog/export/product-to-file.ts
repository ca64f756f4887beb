import type { ApiProduct, Meter, ProductTerms } from '#domain';
import { productInFile } from '../catalog-file.js';
import type { ExportRemark, ExportedPart, InFile } from './exported-catalog.js';
import { type PlanToExport, planToFile } from './plan-to-file.js';
import { asOwnText } from '../named-text.js';
import { withoutDefaults } from './without-defaults.js';

export interface ProductToExport {
  readonly product: ApiProduct;
  readonly publisher: string;
  /** Slugs of its APIs, sorted. */
  readonly apis: readonly string[];
  /** Those of its APIs that the file does not have. */
  readonly missingApis: readonly string[];
  /** In force; null for none. */
  readonly terms: ProductTerms | null;
  readonly meters: readonly Meter[];
  readonly plans: readonly PlanToExport[];
}

/** A product with its meters and plans as a catalogue file has it. */
export function productToFile(
  { product, publisher, apis, missingApis, terms, meters, plans }: ProductToExport,
  index: number,
): ExportedPart {
  const parts: InFile[] = [];
  const remarks: ExportRemark[] = missingApis.map((api) => ({
    path: [],
    text: `The API "${api}" is not in this file, as it is of another publisher or has no version: it must be there where this is applied.`,
  }));
  for (const plan of plans) {
    const found = planToFile(plan, meters, parts.length);
    if ('without' in found) remarks.push({ path: [], text: `Not in this file: ${found.without}.` });
    else {
      remarks.push(...found.remarks.map(({ text }) => ({ path: ['plans', parts.length], text })));
      parts.push(found.part);
    }
  }
  const { slug, title, summary, description, tags, position, taxCategory, taxCode, testQuota, creditPacks } = product;
  const whole = {
    slug,
    title,
    publisher,
    summary,
    description: asOwnText(description),
    tags,
    taxCategory,
    taxCode,
    testQuota,
    ...(position === index ? {} : { position }),
    ...(terms && { terms: { version: terms.version, text: terms.text } }),
    apis,
    meters: meters.map(({ id: _id, apiProductId: _productId, ...meter }) => meter),
    creditPacks,
  };
  const { creditPacks: packs, ...rest } = withoutDefaults(productInFile, whole) as InFile;
  return {
    part: { ...rest, ...(parts.length > 0 && { plans: parts }), ...(packs !== undefined && { creditPacks: packs }) },
    remarks,
    // One line stands well in the file itself.
    ...(description.includes('\n') && {
      sideFiles: [{ path: ['description'], name: `products/${slug}.md`, prefix: 'file:', content: description }],
    }),
  };
}
