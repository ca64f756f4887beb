import { isJsonObject, type JsonObject, type JsonValue } from '../document/json-value.js';
import { resolveReference } from '../document/references.js';

/** The numbers that bound a value. */
export const LOWER_BOUNDS = ['minimum', 'exclusiveMinimum', 'minLength', 'minItems', 'minProperties', 'minContains'];
export const UPPER_BOUNDS = ['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems', 'maxProperties', 'maxContains'];
/** Rules that are only compared as a whole. */
export const OTHER_RULES = [
  'not',
  'if',
  'then',
  'else',
  'contains',
  'propertyNames',
  'patternProperties',
  'dependentRequired',
  'dependentSchemas',
  'unevaluatedProperties',
  'unevaluatedItems',
];
/** What only people read. */
export const WORDS = ['title', 'description', 'example', 'examples', 'externalDocs', 'xml', '$comment'];

const MAX_HOPS = 32;

/** One way in which a value may look. */
export interface SchemaVariant {
  readonly name: string;
  readonly schema: JsonValue;
}

/** What a schema says of a value, with references followed and the parts of `allOf` put together. */
export interface SchemaShape {
  /** Null for any. */
  readonly types: ReadonlySet<string> | null;
  /** By their JSON text; null for any. */
  readonly values: ReadonlySet<string> | null;
  readonly bounds: ReadonlyMap<string, number>;
  readonly multipleOf: number | null;
  readonly format: string | null;
  readonly patterns: readonly string[];
  readonly isUnique: boolean;
  readonly properties: ReadonlyMap<string, JsonValue>;
  readonly required: ReadonlySet<string>;
  /** What other properties may be; `true` for anything. */
  readonly additional: JsonValue;
  readonly items: JsonValue | undefined;
  readonly prefixItems: readonly JsonValue[];
  readonly variants: readonly SchemaVariant[];
  readonly discriminator: string | null;
  readonly others: ReadonlyMap<string, JsonValue>;
  readonly words: ReadonlyMap<string, JsonValue>;
  readonly defaultValue: JsonValue | undefined;
  readonly isDeprecated: boolean;
  readonly isReadOnly: boolean;
  readonly isWriteOnly: boolean;
}

/** The shapes of one document's schemas, each made once. Made for documents that passed `readOpenApiDocument`. */
export class SchemaShapes {
  private readonly shapes = new Map<JsonValue, SchemaShape>();
  private readonly ids = new Map<JsonValue, number>();
  /** Schemas that stand for several at once, by the ids of these, so that cycles of them come to an end. */
  private readonly joined = new Map<string, JsonObject>();
  private readonly madeOf = new Map<JsonValue, readonly JsonValue[]>();
  private readonly isOpenApi30: boolean;

  constructor(readonly document: JsonObject) {
    this.isOpenApi30 = typeof document.openapi === 'string' && document.openapi.startsWith('3.0.');
  }

  /** A number that stands for this schema and no other. */
  idOf(schema: JsonValue): number {
    const known = this.ids.get(schema);
    if (known !== undefined) return known;
    this.ids.set(schema, this.ids.size);
    return this.ids.size - 1;
  }

  /** The schema itself, or the one that it refers to and adds nothing to. */
  targetOf(schema: JsonValue): JsonValue {
    let current = schema;
    for (let hop = 0; hop < MAX_HOPS && this.isOnlyReference(current); hop += 1) {
      current = resolveReference(this.document, current.$ref) ?? true;
    }
    return current;
  }

  /** What the schema says; made at the first call, and for a chain of references that runs in a circle anything. */
  of(schema: JsonValue): SchemaShape {
    const known = this.shapes.get(schema);
    if (known) return known;
    const shape = this.make(schema);
    this.shapes.set(schema, shape);
    return shape;
  }

  private make(schema: JsonValue): SchemaShape {
    const draft = new ShapeDraft((parts) => this.join(parts));
    for (const part of this.partsOf(schema)) draft.add(this.isOpenApi30 ? rewritten30(part) : part);
    return draft.finish();
  }

  /** The schema itself, what it refers to, and the parts of its `allOf`, each once and without what led to another. */
  private partsOf(schema: JsonValue): readonly JsonObject[] {
    const parts: JsonObject[] = [];
    const seen = new Set<JsonValue>();
    const pending: JsonValue[] = [schema];
    for (let next = pending.shift(); next !== undefined; next = pending.shift()) {
      if (next === false) parts.push({ not: {} });
      if (!isJsonObject(next) || seen.has(next)) continue;
      seen.add(next);
      const before: JsonValue[] = [];
      if (typeof next.$ref === 'string') before.push(resolveReference(this.document, next.$ref) ?? true);
      if (!this.isOnlyReference(next)) {
        parts.push(next);
        if (Array.isArray(next.allOf)) before.push(...(next.allOf as readonly JsonValue[]));
        before.push(...this.onlyVariantOf(next));
      }
      pending.unshift(...before);
    }
    return parts;
  }

  /** OpenAPI 3.0.3, Reference Object: whatever stands beside `$ref` is ignored. */
  private isOnlyReference(schema: JsonValue): schema is JsonObject & { readonly $ref: string } {
    if (!isJsonObject(schema) || typeof schema.$ref !== 'string') return false;
    return this.isOpenApi30 || Object.keys(schema).length === 1;
  }

  /** A choice with one way, apart from null, is no choice. */
  private onlyVariantOf(schema: JsonObject): readonly JsonValue[] {
    const [variants] = variantListsOf(schema);
    const real = variants?.filter((variant) => !isNullSchema(variant)) ?? [];
    return real.length === 1 ? real : [];
  }

  private join(parts: readonly JsonValue[]): JsonValue {
    const [first] = parts;
    if (parts.length === 1 && first !== undefined) return first;
    const key = parts.map((part) => this.idOf(part)).join();
    const known = this.joined.get(key);
    if (known) return known;
    // Parts that are themselves joined are taken apart, or a cycle would join without end.
    const leaves = [...new Set(parts.flatMap((part) => this.leavesOf(part)))];
    const leafKey = leaves
      .map((leaf) => this.idOf(leaf))
      .sort((one, other) => one - other)
      .join();
    const joined = this.joined.get(leafKey) ?? { allOf: leaves };
    this.joined.set(leafKey, joined).set(key, joined);
    this.madeOf.set(joined, leaves);
    return joined;
  }

  private leavesOf(schema: JsonValue): readonly JsonValue[] {
    return this.madeOf.get(schema) ?? [schema];
  }
}

type Mutable<Shape> = { -readonly [Key in keyof Shape]: Shape[Key] };

class ShapeDraft {
  private types: Set<string> | null = null;
  private values: Set<string> | null = null;
  private isNullAdded = false;
  private readonly bounds = new Map<string, number>();
  private readonly properties = new Map<string, JsonValue[]>();
  private readonly patterns = new Set<string>();
  private readonly required = new Set<string>();
  private readonly others = new Map<string, JsonValue>();
  private readonly words = new Map<string, JsonValue>();
  private readonly items: JsonValue[] = [];
  private readonly additional: JsonValue[] = [];
  private readonly variants: SchemaVariant[] = [];
  private readonly rest: Mutable<
    Pick<
      SchemaShape,
      | 'multipleOf'
      | 'format'
      | 'isUnique'
      | 'prefixItems'
      | 'discriminator'
      | 'defaultValue'
      | 'isDeprecated'
      | 'isReadOnly'
      | 'isWriteOnly'
    >
  > = {
    multipleOf: null,
    format: null,
    isUnique: false,
    prefixItems: [],
    discriminator: null,
    defaultValue: undefined,
    isDeprecated: false,
    isReadOnly: false,
    isWriteOnly: false,
  };

  constructor(private readonly join: (parts: readonly JsonValue[]) => JsonValue) {}

  add(part: JsonObject): void {
    this.addTypes(part);
    this.addNumbers(part);
    this.addObject(part);
    this.addVariants(part);
    const { rest } = this;
    if (typeof part.format === 'string') rest.format = part.format;
    if (typeof part.pattern === 'string') this.patterns.add(part.pattern);
    if (part.default !== undefined) rest.defaultValue = part.default;
    rest.isUnique ||= part.uniqueItems === true;
    rest.isDeprecated ||= part.deprecated === true;
    rest.isReadOnly ||= part.readOnly === true;
    rest.isWriteOnly ||= part.writeOnly === true;
    if (part.items !== undefined) this.items.push(part.items);
    if (Array.isArray(part.prefixItems)) rest.prefixItems = part.prefixItems as readonly JsonValue[];
    for (const rule of OTHER_RULES) if (part[rule] !== undefined) this.others.set(rule, part[rule]);
    for (const word of WORDS) if (part[word] !== undefined && part[word] !== '') this.words.set(word, part[word]);
  }

  finish(): SchemaShape {
    return {
      ...this.rest,
      types: this.finishTypes(),
      values: this.values,
      bounds: this.bounds,
      patterns: [...this.patterns],
      properties: new Map([...this.properties].map(([name, parts]) => [name, this.join(parts)])),
      required: this.required,
      additional: this.additional.includes(false)
        ? false
        : this.additional.length > 0
          ? this.join(this.additional)
          : true,
      items: this.items.length > 0 ? this.join(this.items) : undefined,
      variants: this.variants,
      others: this.others,
      words: this.words,
    };
  }

  private finishTypes(): ReadonlySet<string> | null {
    const stated = this.types ?? this.impliedTypes();
    if (stated === null || !this.isNullAdded) return stated;
    return new Set([...stated, 'null']);
  }

  /** What has properties is meant as an object, though the words alone would also allow anything else. */
  private impliedTypes(): ReadonlySet<string> | null {
    if (this.properties.size > 0) return new Set(['object']);
    return this.items.length > 0 ? new Set(['array']) : null;
  }

  private addTypes({ type, enum: listed, const: constant }: JsonObject): void {
    const types = (Array.isArray(type) ? (type as readonly JsonValue[]) : [type]).filter(
      (one) => typeof one === 'string',
    );
    if (types.length > 0) {
      const stated = new Set(types);
      const known = this.types;
      this.types = known === null ? stated : new Set([...known].filter((one) => stated.has(one)));
    }
    const values =
      constant !== undefined ? [constant] : Array.isArray(listed) ? (listed as readonly JsonValue[]) : null;
    if (values === null) return;
    const texts = new Set(values.map((value) => JSON.stringify(value)));
    const known = this.values;
    this.values = known === null ? texts : new Set([...known].filter((text) => texts.has(text)));
  }

  private addNumbers(part: JsonObject): void {
    for (const [names, tighter] of [
      [LOWER_BOUNDS, Math.max],
      [UPPER_BOUNDS, Math.min],
    ] as const) {
      for (const name of names) {
        const value = part[name];
        if (typeof value !== 'number') continue;
        this.bounds.set(name, tighter(value, this.bounds.get(name) ?? value));
      }
    }
    if (typeof part.multipleOf === 'number') this.rest.multipleOf = part.multipleOf;
  }

  private addObject({ properties, required, additionalProperties }: JsonObject): void {
    if (isJsonObject(properties)) {
      for (const [name, schema] of Object.entries(properties)) {
        this.properties.set(name, [...(this.properties.get(name) ?? []), schema]);
      }
    }
    if (Array.isArray(required)) {
      for (const name of required as readonly JsonValue[]) if (typeof name === 'string') this.required.add(name);
    }
    if (additionalProperties !== undefined && additionalProperties !== true && !isEmptyObject(additionalProperties)) {
      this.additional.push(additionalProperties);
    }
  }

  private addVariants(part: JsonObject): void {
    const lists = variantListsOf(part);
    for (const list of lists) {
      const real = list.filter((variant) => !isNullSchema(variant));
      if (real.length < list.length) this.isNullAdded = true;
      if (real.length < 2) continue;
      this.variants.push(...real.map((schema) => ({ name: variantName(schema), schema })));
    }
    if (isJsonObject(part.discriminator) && typeof part.discriminator.propertyName === 'string') {
      this.rest.discriminator = part.discriminator.propertyName;
    }
  }
}

function variantListsOf(schema: JsonObject): readonly (readonly JsonValue[])[] {
  return [schema.oneOf, schema.anyOf].filter((list) => Array.isArray(list)) as unknown as readonly JsonValue[][];
}

/** The name of a way: that of the component, or its title; else nothing. */
function variantName(schema: JsonValue): string {
  if (!isJsonObject(schema)) return '';
  if (typeof schema.$ref === 'string') return schema.$ref.slice(schema.$ref.lastIndexOf('/') + 1);
  return typeof schema.title === 'string' ? schema.title : '';
}

function isNullSchema(schema: JsonValue): boolean {
  return isJsonObject(schema) && schema.type === 'null';
}

function isEmptyObject(value: JsonValue): boolean {
  return isJsonObject(value) && Object.keys(value).length === 0;
}

/** OpenAPI 3.0.3, Schema Object, in the words of 3.1: `nullable`, and bounds made exclusive by a boolean. */
function rewritten30(schema: JsonObject): JsonObject {
  const { nullable, exclusiveMinimum, exclusiveMaximum, ...rest } = schema;
  const rewritten: Record<string, JsonValue> = { ...rest };
  for (const [flag, exclusive, bound] of [
    [exclusiveMinimum, 'exclusiveMinimum', 'minimum'],
    [exclusiveMaximum, 'exclusiveMaximum', 'maximum'],
  ] as const) {
    const value = rest[bound];
    if (flag !== true || value === undefined) continue;
    rewritten[exclusive] = value;
    delete rewritten[bound];
  }
  if (nullable === true && typeof rest.type === 'string') rewritten['type'] = [rest.type, 'null'];
  if (nullable === true && Array.isArray(rest.enum)) {
    rewritten['enum'] = [...new Set([...(rest.enum as readonly JsonValue[]), null])];
  }
  return rewritten;
}
