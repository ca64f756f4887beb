import { type Tree, follow, listOf, treeOf } from './document-tree.js';

/** More choices than that are typed, not picked: a list of thousands would hold up the page. */
export const MAX_CHOICES = 100;

/** How a value is asked for. */
export type Kind = 'text' | 'integer' | 'number' | 'boolean' | 'choice' | 'list' | 'json';

/** What a schema says of a single value. */
export interface ValueShape {
  readonly kind: Kind;
  /** Of a `choice`, as they are sent. */
  readonly choices: readonly string[];
  /** How a value looks, for people: "date-time", "1 to 50"; empty where there is nothing to say. */
  readonly hint: string;
}

/** How the value of a schema is asked for; what it cannot tell is a text. */
export function shapeOf(document: Tree, described: unknown): ValueShape {
  const schema = merged(document, described);
  const offers = listOf(schema['enum']).filter(isScalar);
  const constant = schema['const'];
  if (isScalar(constant)) return { kind: 'choice', choices: [String(constant)], hint: '' };
  if (offers.length > 0 && offers.length <= MAX_CHOICES) {
    return { kind: 'choice', choices: [...new Set(offers.map(String))], hint: '' };
  }
  const manyWords = offers.length > 0 ? `one of ${offers.length} values` : '';
  const type = typeOf(schema);
  if (type === 'boolean') return { kind: 'boolean', choices: [], hint: '' };
  if (type === 'integer' || type === 'number') return { kind: type, choices: [], hint: manyWords || rangeOf(schema) };
  if (type === 'array') {
    const items = shapeOfItems(document, schema['items']);
    return items ? { kind: 'list', choices: [], hint: 'apart by commas' } : { kind: 'json', choices: [], hint: 'JSON' };
  }
  if (type === 'object') return { kind: 'json', choices: [], hint: 'JSON' };
  const format = schema['format'];
  return { kind: 'text', choices: [], hint: manyWords || (typeof format === 'string' ? format.slice(0, 40) : '') };
}

/** The type of a schema; of several the first that is not null. */
export function typeOf(schema: Tree): string {
  const type = Array.isArray(schema['type']) ? schema['type'].find((one: unknown) => one !== 'null') : schema['type'];
  if (typeof type === 'string') return type;
  if (schema['properties'] !== undefined) return 'object';
  return schema['items'] === undefined ? '' : 'array';
}

/** The schema with its reference followed and one level of its parts: all of `allOf`, the first of `oneOf` or `anyOf`. */
export function merged(document: Tree, described: unknown): Tree {
  const schema = follow(document, described);
  const [choice] = [...listOf(schema['oneOf']), ...listOf(schema['anyOf'])];
  const parts = [...listOf(schema['allOf']).slice(0, 20), ...(choice === undefined ? [] : [choice])];
  if (parts.length === 0) return schema;
  const all = [schema, ...parts.map((part) => follow(document, part))];
  return {
    ...together(all.toReversed()),
    properties: together(all.map((part) => treeOf(part['properties']))),
    required: all.flatMap((part) => listOf(part['required'])),
  };
}

/** The later ones win; unlike an assignment it makes a property of "__proto__" as of any other name. */
function together(trees: readonly Tree[]): Tree {
  return Object.fromEntries(trees.flatMap((tree) => Object.entries(tree)));
}

export function isScalar(value: unknown): value is string | number | boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}

/** True for a list of plain values. */
function shapeOfItems(document: Tree, items: unknown): boolean {
  return !['array', 'object'].includes(typeOf(merged(document, items)));
}

function rangeOf({ minimum, maximum }: Tree): string {
  if (typeof minimum === 'number' && typeof maximum === 'number') return `${minimum} to ${maximum}`;
  if (typeof minimum === 'number') return `${minimum} or more`;
  return typeof maximum === 'number' ? `${maximum} or less` : '';
}
