import { REFERENCE } from '../contract/api-contract.js';
import { isJsonObject, type JsonObject, type JsonValue } from '../document/json-value.js';
import { acceptedTypes, type SchemaAt } from '../validation/accepted-types.js';

const maxDepth = 8;
const maxValues = 5_000;

const TEXTS: Readonly<Record<string, string>> = {
  date: '2024-01-31',
  'date-time': '2024-01-31T12:00:00Z',
  time: '12:00:00Z',
  duration: 'P1D',
  email: 'ada@example.com',
  hostname: 'example.com',
  ipv4: '192.0.2.1',
  ipv6: '2001:db8::1',
  uri: 'https://example.com/',
  uuid: '00000000-0000-4000-8000-000000000000',
  byte: 'dGV4dA==',
};

/**
 * A value that a schema describes, the same each time: its example, default, constant or first choice where it has one,
 * else one made of its types and bounds. Properties that are only written are left out; cycles end early.
 */
export function sampleValue(schema: JsonValue, schemaAt: SchemaAt): JsonValue {
  return new Sampler(schemaAt).of(schema, 0);
}

class Sampler {
  private values = 0;

  constructor(private readonly schemaAt: SchemaAt) {}

  of(schema: JsonValue, depth: number): JsonValue {
    if (!isJsonObject(schema) || depth > maxDepth || ++this.values > maxValues) return null;
    const given = givenValue(schema);
    if (given !== undefined) return given;
    const reference = schema[REFERENCE];
    if (typeof reference === 'string') return this.of(this.schemaAt(reference), depth + 1);
    if (Array.isArray(schema.allOf)) return this.ofAll(schema, schema.allOf as readonly JsonValue[], depth);
    for (const keyword of ['oneOf', 'anyOf'] as const) {
      const list = schema[keyword];
      if (Array.isArray(list)) return this.of((list as readonly JsonValue[])[0] ?? true, depth + 1);
    }
    return this.byType(schema, depth);
  }

  /** Objects are joined; of other values the first that is there is taken. */
  private ofAll(schema: JsonObject, parts: readonly JsonValue[], depth: number): JsonValue {
    const { allOf: _allOf, ...own } = schema;
    const values = [...parts, own].map((part) => this.of(part, depth + 1)).filter((value) => value !== null);
    const objects = values.filter((value) => isJsonObject(value));
    return objects.length > 0 ? Object.assign({}, ...(objects as object[])) : (values[0] ?? null);
  }

  private byType(schema: JsonObject, depth: number): JsonValue {
    const types = acceptedTypes(schema, this.schemaAt);
    if (types.has('object')) return this.object(schema, depth);
    if (types.has('array')) return this.list(schema, depth);
    if (types.has('string')) return text(schema);
    if (types.has('number')) return number(schema);
    return types.has('boolean') ? true : null;
  }

  private object({ properties, required }: JsonObject, depth: number): JsonValue {
    if (!isJsonObject(properties)) return {};
    const needed = new Set(Array.isArray(required) ? (required as readonly JsonValue[]) : []);
    const entries = Object.entries(properties).filter(([name, property]) => {
      if (isJsonObject(property) && property.writeOnly === true) return false;
      return depth < maxDepth - 2 || needed.has(name);
    });
    return Object.fromEntries(entries.map(([name, property]) => [name, this.of(property, depth + 1)]));
  }

  private list({ items, prefixItems, minItems }: JsonObject, depth: number): JsonValue {
    const first = Array.isArray(prefixItems) ? (prefixItems as readonly JsonValue[]) : [];
    if (depth >= maxDepth - 2 && first.length === 0) return [];
    const count = Math.min(Math.max(typeof minItems === 'number' ? minItems : 1, 1), 10) - first.length;
    const more = Array.from({ length: items === undefined ? 0 : Math.max(0, count) }, () => items!);
    return [...first, ...more].map((item) => this.of(item, depth + 1));
  }
}

function givenValue(schema: JsonObject): JsonValue | undefined {
  if (schema.example !== undefined) return schema.example;
  if (Array.isArray(schema.examples) && schema.examples.length > 0) return (schema.examples as readonly JsonValue[])[0];
  if (schema.default !== undefined) return schema.default;
  if (schema.const !== undefined) return schema.const;
  return Array.isArray(schema.enum) ? (schema.enum as readonly JsonValue[])[0] : undefined;
}

function text({ format, minLength, maxLength }: JsonObject): string {
  const known = typeof format === 'string' ? TEXTS[format] : undefined;
  if (known !== undefined) return known;
  const least = typeof minLength === 'number' ? Math.min(minLength, 1_000) : 0;
  const most = typeof maxLength === 'number' ? maxLength : Infinity;
  return 'text'.padEnd(least, 'x').slice(0, most);
}

function number(schema: JsonObject): number {
  const { type, minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema;
  const step = typeof multipleOf === 'number' && multipleOf > 0 ? multipleOf : 1;
  const least =
    typeof minimum === 'number' ? minimum : typeof exclusiveMinimum === 'number' ? exclusiveMinimum + step : null;
  if (least !== null) return type === 'integer' || step !== 1 ? Math.ceil(least / step) * step : least;
  const most =
    typeof maximum === 'number' ? maximum : typeof exclusiveMaximum === 'number' ? exclusiveMaximum - step : null;
  return most === null ? 0 : Math.min(0, Math.floor(most / step) * step);
}
