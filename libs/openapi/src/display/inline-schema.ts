import { isJsonObject, type JsonObject, type JsonValue } from '../document/json-value.js';
import { resolveReference } from '../document/references.js';

export interface InlineBounds {
  /** How many schemas deep. */
  readonly maxDepth: number;
  /** How many schemas in all. */
  readonly maxSchemas: number;
  /** Characters of a description. */
  readonly maxText: number;
}

const DEFAULT_BOUNDS: InlineBounds = { maxDepth: 10, maxSchemas: 400, maxText: 500 };
const MAX_LIST = 100;
const MAX_EXAMPLE_LENGTH = 300;
const MAX_PATTERN_LENGTH = 200;

const COPIED = (
  'type const multipleOf maximum minimum exclusiveMaximum exclusiveMinimum maxLength minLength maxItems minItems ' +
  'uniqueItems maxProperties minProperties format pattern readOnly writeOnly deprecated minContains maxContains'
).split(' ');
const WORDS = ['title', 'description'];
const SAMPLES = ['default', 'example'];
const SCHEMAS = ['items', 'contains', 'additionalProperties', 'propertyNames', 'not', 'if', 'then', 'else'];
const LISTS = ['allOf', 'anyOf', 'oneOf', 'prefixItems'];
const MAPS = ['properties', 'patternProperties', 'dependentSchemas'];

/**
 * A schema of an OpenAPI 3.0 or 3.1 document as one of JSON Schema 2020-12 that refers to nothing: what it refers to is written out
 * in its place, within the bounds. What comes again within itself, or lies beyond the bounds, is a schema that only says so and
 * takes any value. Keywords of other vocabularies are left out. `document` is the whole document.
 */
export function inlineSchema(
  document: JsonObject,
  schema: JsonValue | undefined,
  bounds: Partial<InlineBounds> = {},
): JsonValue {
  return new Inlining(document, { ...DEFAULT_BOUNDS, ...bounds }).schema(schema, []);
}

class Inlining {
  private schemas = 0;

  constructor(
    private readonly document: JsonObject,
    private readonly bounds: InlineBounds,
  ) {}

  /** `within` are the references that lead here. */
  schema(value: JsonValue | undefined, within: readonly string[], depth = 0): JsonValue {
    if (!isJsonObject(value)) return value === false ? false : {};
    this.schemas += 1;
    if (depth > this.bounds.maxDepth || this.schemas > this.bounds.maxSchemas) {
      return { description: 'More than is shown here: see the OpenAPI document.' };
    }
    const { $ref: reference } = value;
    if (typeof reference !== 'string') return this.written(value, within, depth);
    const name = reference.slice(reference.lastIndexOf('/') + 1).slice(0, 100);
    if (within.includes(reference)) return { description: `Again what ${name} is, as above.` };
    const target = this.schema(resolveReference(this.document, reference), [...within, reference], depth);
    const own = this.written(value, within, depth);
    if (Object.keys(own).length === 0) return target;
    // Beside a reference 3.1 allows keywords, which add to it; a description takes the place of the other.
    const isWords = Object.keys(own).every((keyword) => WORDS.includes(keyword));
    return isWords && isJsonObject(target)
      ? { ...target, ...own }
      : { ...own, allOf: [target, ...listOf(own['allOf'])] };
  }

  private written(value: JsonObject, within: readonly string[], depth: number): Record<string, JsonValue> {
    const schema: Record<string, JsonValue> = {};
    for (const keyword of COPIED) if (value[keyword] !== undefined) schema[keyword] = value[keyword];
    if (JSON.stringify(value['pattern'] ?? '').length > MAX_PATTERN_LENGTH) delete schema['pattern'];
    for (const keyword of WORDS) {
      const words = value[keyword];
      if (typeof words === 'string' && words !== '') schema[keyword] = cut(words, this.bounds.maxText);
    }
    for (const keyword of SAMPLES) {
      const sample = value[keyword];
      if (sample === undefined || JSON.stringify(sample).length > MAX_EXAMPLE_LENGTH) continue;
      if (keyword === 'example') schema['examples'] = [sample];
      else schema[keyword] = sample;
    }
    if (Array.isArray(value['enum'])) schema['enum'] = (value['enum'] as readonly JsonValue[]).slice(0, MAX_LIST * 5);
    const required = listOf(value['required']).filter((name) => typeof name === 'string');
    if (required.length > 0) schema['required'] = required;
    this.writeSubschemas(value, schema, within, depth);
    writeOpenApi30(value, schema);
    return schema;
  }

  private writeSubschemas(
    value: JsonObject,
    schema: Record<string, JsonValue>,
    within: readonly string[],
    depth: number,
  ): void {
    for (const keyword of SCHEMAS) {
      if (value[keyword] !== undefined) schema[keyword] = this.schema(value[keyword], within, depth + 1);
    }
    for (const keyword of LISTS) {
      const list = listOf(value[keyword]).slice(0, MAX_LIST);
      if (list.length > 0) schema[keyword] = list.map((item) => this.schema(item, within, depth + 1));
    }
    for (const keyword of MAPS) {
      const map = value[keyword];
      if (!isJsonObject(map)) continue;
      const entries = Object.entries(map).slice(0, MAX_LIST * 2);
      schema[keyword] = Object.fromEntries(entries.map(([name, one]) => [name, this.schema(one, within, depth + 1)]));
    }
  }
}

/** OpenAPI 3.0.3, Schema Object: `nullable`, and bounds that a boolean makes exclusive. */
function writeOpenApi30(value: JsonObject, schema: Record<string, JsonValue>): void {
  for (const [exclusive, bound] of [
    ['exclusiveMinimum', 'minimum'],
    ['exclusiveMaximum', 'maximum'],
  ] as const) {
    if (typeof value[exclusive] !== 'boolean') continue;
    delete schema[exclusive];
    if (!value[exclusive] || value[bound] === undefined) continue;
    schema[exclusive] = value[bound];
    delete schema[bound];
  }
  if (value['nullable'] !== true || typeof value['type'] !== 'string') return;
  schema['type'] = [value['type'], 'null'];
  const options = listOf(schema['enum']);
  if (options.length > 0 && !options.includes(null)) schema['enum'] = [...options, null];
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? (value as readonly JsonValue[]) : [];
}

function cut(text: string, maxLength: number): string {
  return text.length <= maxLength ? text : `${text.slice(0, maxLength - 1)}…`;
}
