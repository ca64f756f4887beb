/** A part of an OpenAPI document: whoever wrote it is not trusted to have written what belongs there. */
export type Tree = Readonly<Record<string, unknown>>;

const MAX_HOPS = 8;

/** The value when it is an object, else an empty one. */
export function treeOf(value: unknown): Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Tree) : {};
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Follows references inside the document, a bounded number of them; an empty object where they lead nowhere. */
export function follow(document: Tree, value: unknown): Tree {
  let current = treeOf(value);
  for (let hop = 0; hop < MAX_HOPS; hop++) {
    const reference = current['$ref'];
    if (typeof reference !== 'string') return current;
    current = treeOf(targetOf(document, reference));
  }
  return {};
}

function targetOf(document: Tree, reference: string): unknown {
  if (!reference.startsWith('#/')) return undefined;
  let target: unknown = document;
  for (const part of reference.slice(2).split('/')) {
    const key = decoded(part).replaceAll('~1', '/').replaceAll('~0', '~');
    const isThere = typeof target === 'object' && target !== null && Object.hasOwn(target, key);
    target = isThere ? (target as Tree)[key] : undefined;
  }
  return target;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Markdown as a short plain text. */
export function shortText(markdown: unknown, maxLength = 240): string {
  const text = textOf(markdown)
    .slice(0, 4 * maxLength)
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/[*_`#>]/g, '')
    .replace(/\s+/g, ' ')
    .trim();
  return text.length <= maxLength ? text : `${text.slice(0, maxLength - 1)}…`;
}
