import { z } from 'zod';
import { canonicalJson } from '../catalog-change.js';

/**
 * A value of a schema without what the schema would fill in anyhow, in the order in which the schema has its fields: a file says
 * what is not usual. Reading the result gives the value again.
 */
export function withoutDefaults(schema: z.core.$ZodType, value: unknown): unknown {
  const inner = unwrapped(schema);
  if (value === null || value === undefined) return value;
  if (inner instanceof z.ZodArray && Array.isArray(value))
    return value.map((item) => withoutDefaults(inner.element, item));
  if (inner instanceof z.ZodUnion || inner instanceof z.ZodDiscriminatedUnion) {
    const option = inner.options.find((one) => z.safeParse(one, value).success);
    return option ? withoutDefaults(option, value) : value;
  }
  if (inner instanceof z.ZodRecord && isRecord(value))
    return Object.fromEntries(
      Object.entries(value)
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, one]) => [key, withoutDefaults(inner.valueType, one)]),
    );
  return inner instanceof z.ZodObject && isRecord(value) ? fieldsOf(inner.shape, value) : value;
}

function fieldsOf(shape: Readonly<Record<string, z.core.$ZodType>>, value: Readonly<Record<string, unknown>>) {
  const known = Object.entries(shape).flatMap(([key, field]): [string, unknown][] => {
    if (value[key] === undefined || isFilledIn(field, value[key])) return [];
    return [[key, withoutDefaults(field, value[key])]];
  });
  const unknown = Object.entries(value).filter(([key, one]) => !Object.hasOwn(shape, key) && one !== undefined);
  return Object.fromEntries([...known, ...unknown]);
}

function isFilledIn(field: z.core.$ZodType, value: unknown): boolean {
  const absent = z.safeParse(field, undefined);
  return absent.success && canonicalJson(absent.data) === canonicalJson(value);
}

/** The schema below what says whether it may be absent, and below what it is made of afterwards. */
function unwrapped(schema: z.core.$ZodType): z.core.$ZodType {
  if (
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable
  )
    return unwrapped(schema.def.innerType);
  return schema instanceof z.ZodPipe ? unwrapped(schema.def.in) : schema;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
