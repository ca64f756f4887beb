import { InvalidError } from '#domain';
import type { CatalogFile } from './catalog-file.js';
import type { PlacedFault } from './refused-in-places-error.js';

/** Whose parts people know by their names. */
const NAMED_LISTS = new Set([
  'publishers',
  'sellers',
  'apis',
  'versions',
  'products',
  'meters',
  'creditPacks',
  'plans',
  'coupons',
]);

/** A catalogue file that cannot be applied, with each place in it by its path ("apis.0.versions.1.upstream.url") and what is expected there. */
export class CatalogRefusedError extends InvalidError {
  /** The message has a line for each of `lines`, which are the faults in words. */
  constructor(
    code: string,
    headline: string,
    readonly faults: readonly PlacedFault[],
    lines: readonly string[],
  ) {
    super(code, `${headline}:\n${lines.map((line) => `  ${line}`).join('\n')}`);
  }
}

/** A fault with its place by names instead of numbers: "apis.atlas.versions.v1.upstream.url: expected …". */
export function faultInWords(file: CatalogFile, { path, message }: PlacedFault): string {
  let part: unknown = file;
  let list = '';
  const steps = path.split('.').map((step) => {
    const isNamed = Array.isArray(part) && NAMED_LISTS.has(list);
    part = (part as Record<string, unknown> | null | undefined)?.[step];
    list = step;
    return isNamed ? nameOf(part, step) : step;
  });
  return `${steps.join('.')}: ${message}`;
}

function nameOf(part: unknown, step: string): string {
  const { slug, name } = (part ?? {}) as { readonly slug?: string; readonly name?: string };
  return slug ?? name ?? step;
}
