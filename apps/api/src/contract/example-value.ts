import { createHash } from 'node:crypto';
import { EXAMPLE_NUMBERS, EXAMPLE_TEXTS } from './example-words.js';

type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** What the generator reads of a schema in the JSON Schema dialect of OpenAPI 3.1, as `toOpenApiSchema` writes it. */
export interface DescribedSchema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly example?: Json;
  readonly const?: Json;
  readonly enum?: readonly Json[];
  readonly default?: Json;
  readonly anyOf?: readonly DescribedSchema[];
  readonly oneOf?: readonly DescribedSchema[];
  readonly allOf?: readonly DescribedSchema[];
  readonly properties?: Readonly<Record<string, DescribedSchema>>;
  readonly required?: readonly string[];
  readonly propertyNames?: DescribedSchema;
  readonly additionalProperties?: boolean | DescribedSchema;
  readonly items?: DescribedSchema;
  readonly minItems?: number;
  readonly minLength?: number;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
}

/** Where in a document a value stands: what it is a part of, as schemas are named, and the field that it is of. */
interface Place {
  readonly component: string;
  readonly field: string;
  readonly depth: number;
}

const COMPONENTS = '#/components/schemas/';
const MAX_DEPTH = 10;
const SMALL_COUNT = 3;

/** Makes examples of the schemas of one document; equal schemas get equal examples. */
export class ExampleMaker {
  constructor(private readonly schemas: Readonly<Record<string, DescribedSchema>>) {}

  /**
   * A value that the schema takes. `request` is what a caller has to send: fields that are needed, or the first where none
   * is; `answer` has all fields.
   * @throws Error for a text that nothing says anything about: its field belongs into `EXAMPLE_TEXTS`
   */
  make(schema: DescribedSchema, kind: 'request' | 'answer'): Json {
    return this.valueOf(schema, kind, { component: '', field: '', depth: 0 });
  }

  private valueOf(schema: DescribedSchema, kind: 'request' | 'answer', place: Place): Json {
    if (schema.$ref !== undefined) {
      const component = schema.$ref.slice(COMPONENTS.length);
      const schemaOfIt = this.schemas[component]!;
      // Of an object only its fields count from here; a text or a choice is still its field's.
      return this.valueOf(schemaOfIt, kind, schemaOfIt.type === 'object' ? { ...place, component, field: '' } : place);
    }
    const given = givenIn(schema);
    if (given !== undefined) return given;
    if (isNullable(schema) && FIELDS_OF_TROUBLE.test(place.field)) return null;
    const variant = [...(schema.oneOf ?? []), ...(schema.anyOf ?? [])].find(({ type }) => type !== 'null');
    if (variant) return this.valueOf(variant, kind, place);
    if (schema.allOf) return Object.assign({}, ...schema.allOf.map((part) => this.valueOf(part, kind, place))) as Json;
    const [type] = [schema.type ?? 'null'].flat();
    if (type === 'object') return this.objectOf(schema, kind, place);
    if (type === 'array') return this.listOf(schema, kind, place);
    if (type === 'string') return textOf(schema, place);
    if (type === 'integer' || type === 'number') return numberOf(schema, place);
    return type === 'boolean' ? true : null;
  }

  private objectOf(schema: DescribedSchema, kind: 'request' | 'answer', place: Place): Json {
    const { properties = {}, required = [], additionalProperties } = schema;
    const depth = place.depth + 1;
    const component = place.component === '' || place.field === '' ? place.component : nounOf(place.field);
    const names = Object.keys(properties);
    if (names.length === 0 && typeof additionalProperties === 'object') {
      if (Object.keys(additionalProperties).length === 0) return {};
      const key = keyOf(schema, place);
      return { [key]: this.valueOf(additionalProperties, kind, { ...place, depth }) };
    }
    const needed = names.filter((name) => required.includes(name));
    const chosen = kind === 'answer' && depth < MAX_DEPTH ? names : needed.length > 0 ? needed : names.slice(0, 1);
    const fields = chosen.map((field) => [field, this.valueOf(properties[field]!, kind, { component, field, depth })]);
    return Object.fromEntries(fields) as Json;
  }

  private listOf({ items = {}, minItems = 0 }: DescribedSchema, kind: 'request' | 'answer', place: Place): Json {
    const depth = place.depth + 1;
    if (depth >= MAX_DEPTH && minItems === 0) return [];
    const item = this.valueOf(items, kind, { ...place, depth });
    return Array.from({ length: Math.max(1, minItems) }, () => item);
  }
}

/** What an organization without trouble has not. */
const FIELDS_OF_TROUBLE =
  /^(suspended|revoked|disabled|fail|cancel|endedAt|void|error|held|pause|rotatedFrom|previousSecret|decline)/;

function isNullable({ anyOf = [] }: DescribedSchema): boolean {
  return anyOf.some(({ type }) => type === 'null');
}

/** "subscriptions" → "Subscription": what an object without a name of its own is. */
function nounOf(field: string): string {
  return field.charAt(0).toUpperCase() + field.slice(1).replace(/s$/, '');
}

/** What the schema itself says; a default that is empty says nothing. */
function givenIn({ example, const: constant, enum: choices, default: usual }: DescribedSchema): Json | undefined {
  const isEmpty = usual === null || (typeof usual !== 'number' && typeof usual !== 'boolean' && sizeOf(usual) === 0);
  return example ?? constant ?? choices?.[0] ?? (isEmpty ? undefined : usual);
}

function sizeOf(value: Json | undefined): number {
  return value === undefined ? 0 : Object.keys(Object(value) as object).length;
}

function textOf({ format }: DescribedSchema, place: Place): string {
  const { component, field } = place;
  if (format === 'uuid') return uuidOf(place);
  if (format === 'date-time') return instantOf(field);
  if (format === 'date') return '2026-03-31';
  const known = EXAMPLE_TEXTS[`${component}.${field}`] ?? EXAMPLE_TEXTS[field];
  if (known === undefined) throw new Error(`No example for the text ${component}.${field}: add one to EXAMPLE_TEXTS.`);
  return known;
}

/** The same for `organizationId` as for the id of an `Organization`. */
function uuidOf({ component, field }: Place): string {
  const noun = field === 'id' ? component.replace(/Reference$/, '') : field.replace(/Ids?$/, '');
  const digits = createHash('sha256').update(noun.toLowerCase()).digest('hex');
  const part = (start: number, length: number) => digits.slice(start, start + length);
  return `01977a40-${part(0, 4)}-7${part(4, 3)}-8${part(7, 3)}-${part(10, 12)}`;
}

/** What comes later has a later example, so that periods are not upside down. */
function instantOf(field: string): string {
  return /expire|end|until|due|next|validTo|^to$/i.test(field)
    ? '2026-04-01T00:00:00.000Z'
    : '2026-03-01T00:00:00.000Z';
}

function numberOf(schema: DescribedSchema, { field }: Place): number {
  const { minimum, exclusiveMinimum, maximum = Infinity } = schema;
  const least = minimum ?? (exclusiveMinimum === undefined ? -Infinity : exclusiveMinimum + 1);
  return Math.min(Math.max(EXAMPLE_NUMBERS[field] ?? SMALL_COUNT, least), maximum);
}

/** Maps are by meter, but for those whose schema names its keys. */
function keyOf({ propertyNames }: DescribedSchema, place: Place): string {
  const key = propertyNames && givenIn(propertyNames);
  return typeof key === 'string' ? key : textOf({}, { ...place, component: '', field: 'meter' });
}
