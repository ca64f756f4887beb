import { REFERENCE } from '../contract/api-contract.js';
import { isJsonObject, type JsonObject, type JsonValue } from '../document/json-value.js';

export type JsonType = 'string' | 'number' | 'boolean' | 'null' | 'array' | 'object';

/** Gives the schema at a pointer; `true` for none. */
export type SchemaAt = (pointer: string) => JsonValue;

const maxDepth = 12;

/** The types that a schema speaks of, itself or through what it is composed of; none for a schema that allows all. */
export function acceptedTypes(schema: JsonValue, schemaAt: SchemaAt, depth = 0): ReadonlySet<JsonType> {
  if (!isJsonObject(schema) || depth > maxDepth) return new Set();
  const types = new Set<JsonType>();
  const { type } = schema;
  for (const name of typeof type === 'string' ? [type] : Array.isArray(type) ? (type as readonly JsonValue[]) : []) {
    types.add(name === 'integer' ? 'number' : (name as JsonType));
  }
  if (types.size > 0) return types;
  for (const value of Array.isArray(schema.enum) ? (schema.enum as readonly JsonValue[]) : []) types.add(typeOf(value));
  if (schema.const !== undefined) types.add(typeOf(schema.const));
  for (const part of partsOf(schema, schemaAt)) {
    for (const name of acceptedTypes(part, schemaAt, depth + 1)) types.add(name);
  }
  if (types.size === 0 && isJsonObject(schema.properties)) types.add('object');
  if (types.size === 0 && schema.items !== undefined) types.add('array');
  return types;
}

/** The schema of a property, or of the items of a list, wherever the schema says it; `true` where it says nothing. */
export function schemaOfMember(
  schema: JsonValue,
  member: { readonly property: string } | 'items',
  schemaAt: SchemaAt,
  depth = 0,
): JsonValue {
  if (!isJsonObject(schema) || depth > maxDepth) return true;
  const own = member === 'items' ? schema.items : ownProperty(schema, member.property);
  if (own !== undefined) return own;
  for (const part of partsOf(schema, schemaAt)) {
    const found = schemaOfMember(part, member, schemaAt, depth + 1);
    if (found !== true) return found;
  }
  return true;
}

/** The names of the properties that a schema describes. */
export function propertyNames(schema: JsonValue, schemaAt: SchemaAt, depth = 0): ReadonlySet<string> {
  if (!isJsonObject(schema) || depth > maxDepth) return new Set();
  const names = new Set(isJsonObject(schema.properties) ? Object.keys(schema.properties) : []);
  for (const part of partsOf(schema, schemaAt)) {
    for (const name of propertyNames(part, schemaAt, depth + 1)) names.add(name);
  }
  return names;
}

function ownProperty({ properties, additionalProperties }: JsonObject, name: string): JsonValue | undefined {
  if (isJsonObject(properties) && Object.hasOwn(properties, name)) return properties[name];
  return isJsonObject(additionalProperties) ? additionalProperties : undefined;
}

function partsOf(schema: JsonObject, schemaAt: SchemaAt): readonly JsonValue[] {
  const parts: JsonValue[] = [];
  const reference = schema[REFERENCE];
  if (typeof reference === 'string') parts.push(schemaAt(reference));
  for (const keyword of ['allOf', 'anyOf', 'oneOf'] as const) {
    const list = schema[keyword];
    if (Array.isArray(list)) parts.push(...(list as readonly JsonValue[]));
  }
  return parts;
}

function typeOf(value: JsonValue): JsonType {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value as JsonType;
}
