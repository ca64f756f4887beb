import { isJsonObject, type JsonObject, type JsonValue } from '../document/json-value.js';
import { REFERENCE } from './api-contract.js';
import { linearPattern } from './linear-pattern.js';

/** Where schemas lead while they are normalized. */
export interface NormalizeContext {
  /** OpenAPI 3.0 has a dialect of its own; 3.1 is JSON Schema 2020-12. */
  readonly isOpenApi30: boolean;
  /** Examples and defaults are kept, for mock answers. */
  readonly keepsExamples: boolean;
  /** Told about each reference. */
  refer(pointer: string): void;
  /** True when the property that this schema describes must not be sent. */
  isReadOnly(schema: JsonValue): boolean;
  /** Told about each rule that cannot be checked and is left out. */
  remark(message: string): void;
}

const COPIED = (
  'type enum const multipleOf maximum minimum exclusiveMaximum exclusiveMinimum maxLength minLength maxItems minItems ' +
  'uniqueItems maxProperties minProperties format readOnly writeOnly minContains maxContains dependentRequired'
).split(' ');
const EXAMPLES = ['example', 'examples', 'default'];
const SCHEMAS = ['items', 'contains', 'additionalProperties', 'propertyNames', 'not', 'if', 'then', 'else'];
const LISTS = ['allOf', 'anyOf', 'oneOf', 'prefixItems'];
const MAPS = ['properties', 'patternProperties', 'dependentSchemas'];
const SKIPPED = ['unevaluatedProperties', 'unevaluatedItems', '$dynamicRef', '$recursiveRef'];

/**
 * A schema with the keywords of JSON Schema 2020-12 that say something of a value, and nothing else: 3.0's `nullable` and
 * boolean bounds rewritten, references replaced, properties that are only read not required.
 */
export function normalizeSchema(schema: JsonValue | undefined, context: NormalizeContext): JsonValue {
  if (!isJsonObject(schema)) return schema === false ? false : true;
  const normalized: Record<string, JsonValue> = {};
  if (typeof schema.$ref === 'string') {
    context.refer(schema.$ref);
    normalized[REFERENCE] = schema.$ref;
    if (context.isOpenApi30) return normalized;
  }
  for (const keyword of COPIED) if (schema[keyword] !== undefined) normalized[keyword] = schema[keyword];
  if (context.keepsExamples) {
    for (const keyword of EXAMPLES) if (schema[keyword] !== undefined) normalized[keyword] = schema[keyword];
  }
  copySubschemas(schema, normalized, context);
  copyPattern(schema, normalized, context);
  copyRequired(schema, normalized, context);
  for (const keyword of SKIPPED) {
    if (schema[keyword] !== undefined) context.remark(`"${keyword}" is not checked`);
  }
  if (context.isOpenApi30) rewriteOpenApi30(schema, normalized);
  return normalized;
}

function copySubschemas(schema: JsonObject, normalized: Record<string, JsonValue>, context: NormalizeContext): void {
  for (const keyword of SCHEMAS) {
    if (schema[keyword] !== undefined) normalized[keyword] = normalizeSchema(schema[keyword], context);
  }
  for (const keyword of LISTS) {
    const list = schema[keyword];
    if (Array.isArray(list) && list.length > 0) {
      normalized[keyword] = (list as readonly JsonValue[]).map((item) => normalizeSchema(item, context));
    }
  }
  for (const keyword of MAPS) {
    const map = schema[keyword];
    if (!isJsonObject(map)) continue;
    const entries = Object.entries(map).filter(([name]) => keyword !== 'patternProperties' || isChecked(name, context));
    normalized[keyword] = Object.fromEntries(entries.map(([name, value]) => [name, normalizeSchema(value, context)]));
  }
}

function copyPattern({ pattern }: JsonObject, normalized: Record<string, JsonValue>, context: NormalizeContext): void {
  if (typeof pattern === 'string' && isChecked(pattern, context)) normalized['pattern'] = pattern;
}

function isChecked(pattern: string, context: NormalizeContext): boolean {
  if (linearPattern(pattern) !== null) return true;
  const shown = pattern.length > 80 ? `${pattern.slice(0, 80)}…` : pattern;
  context.remark(`the pattern "${shown}" is not checked: it has what no linear-time engine can do`);
  return false;
}

function copyRequired(schema: JsonObject, normalized: Record<string, JsonValue>, context: NormalizeContext): void {
  const { required, properties } = schema;
  if (!Array.isArray(required)) return;
  const names = (required as readonly JsonValue[]).filter((name) => typeof name === 'string');
  normalized['required'] = names.filter((name) => {
    const property = isJsonObject(properties) ? properties[name] : undefined;
    return property === undefined || !context.isReadOnly(property);
  });
}

/** OpenAPI 3.0.3, Schema Object: `nullable`, and bounds that are made exclusive by a boolean (JSON Schema draft 5). */
function rewriteOpenApi30(schema: JsonObject, normalized: Record<string, JsonValue>): void {
  for (const [exclusive, bound] of [
    ['exclusiveMinimum', 'minimum'],
    ['exclusiveMaximum', 'maximum'],
  ] as const) {
    if (typeof schema[exclusive] !== 'boolean') continue;
    delete normalized[exclusive];
    const value = schema[bound];
    if (!schema[exclusive] || value === undefined) continue;
    normalized[exclusive] = value;
    delete normalized[bound];
  }
  if (schema.nullable !== true || typeof schema.type !== 'string') return;
  normalized['type'] = [schema.type, 'null'];
  if (Array.isArray(schema.enum) && !(schema.enum as readonly JsonValue[]).includes(null)) {
    normalized['enum'] = [...(schema.enum as readonly JsonValue[]), null];
  }
}
