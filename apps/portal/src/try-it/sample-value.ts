import { type Tree, follow, listOf, treeOf } from './document-tree.js';
import { merged, typeOf } from './schema-kind.js';

const MAX_DEPTH = 6;
const MAX_VALUES = 400;
const MAX_PROPERTIES = 60;

/** The example that is given for a parameter or a media type, if any. */
export function givenExample(document: Tree, described: Tree): unknown {
  if (described['example'] !== undefined) return described['example'];
  const [first] = Object.values(treeOf(described['examples']));
  return first === undefined ? undefined : follow(document, first)['value'];
}

/** What the schema itself offers as a value: example, default, constant, first of the enumerated. */
export function offeredValue(schema: Tree): unknown {
  const [example] = listOf(schema['examples']);
  return schema['example'] ?? example ?? schema['default'] ?? schema['const'] ?? listOf(schema['enum'])[0];
}

/**
 * A value that looks like what the schema asks for, without what only answers have. Bounded in depth and size, whatever
 * the schema refers to.
 */
export function sampleValue(document: Tree, described: unknown): unknown {
  return sample({ document, left: MAX_VALUES }, described, 0);
}

/** How much may still be made. */
interface Budget {
  readonly document: Tree;
  left: number;
}

function sample(budget: Budget, described: unknown, depth: number): unknown {
  budget.left -= 1;
  const schema = merged(budget.document, described);
  const offered = offeredValue(schema);
  if (offered !== undefined) return offered;
  if (depth >= MAX_DEPTH || budget.left <= 0) return null;
  switch (typeOf(schema)) {
    case 'array':
      return [sample(budget, schema['items'], depth + 1)];
    case 'object':
      return sampleObject(budget, schema, depth);
    case 'integer':
    case 'number':
      return typeof schema['minimum'] === 'number' ? schema['minimum'] : 1;
    case 'boolean':
      return true;
    case 'null':
      return null;
    default:
      return sampleText(schema);
  }
}

function sampleObject(budget: Budget, schema: Tree, depth: number): unknown {
  const all = Object.entries(treeOf(schema['properties'])).filter(
    ([, property]) => follow(budget.document, property)['readOnly'] !== true,
  );
  const required = new Set(listOf(schema['required']));
  const needed = all.filter(([name]) => required.has(name));
  const shown = (needed.length > 0 ? needed : all).slice(0, MAX_PROPERTIES);
  return Object.fromEntries(shown.map(([name, property]) => [name, sample(budget, property, depth + 1)]));
}

function sampleText({ format }: Tree): string {
  if (format === 'date-time') return '2026-01-01T00:00:00Z';
  if (format === 'date') return '2026-01-01';
  if (format === 'uuid') return '00000000-0000-4000-8000-000000000000';
  if (format === 'email') return 'name@example.com';
  return 'string';
}
