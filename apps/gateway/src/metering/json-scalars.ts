import { type JsonPointer, valueAtPointer } from '#domain';

/** What a document says at each pointer, as text: numbers digit by digit as they were written; undefined for no scalar. */
export type Scalars = readonly (string | undefined)[];

type ReviverWithSource = (this: unknown, key: string, value: unknown, context: { readonly source?: string }) => unknown;

/** The scalars of a JSON document at the pointers; null when it is no JSON. */
export function jsonScalars(text: string, pointers: readonly JsonPointer[]): Scalars | null {
  const document = parse(text);
  if (document === noJson) return null;
  let withSources: unknown = null;
  return pointers.map((pointer) => {
    const value = valueAtPointer(document, pointer);
    if (typeof value !== 'number') return scalarText(value);
    if (Number.isSafeInteger(value)) return String(value);
    withSources ??= JSON.parse(text, keepSource as (key: string, value: unknown) => unknown);
    return scalarText(valueAtPointer(withSources, pointer));
  });
}

const noJson = Symbol('no JSON');

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return noJson;
  }
}

/** A number becomes the text that it was written with: no digit is lost to a float. */
const keepSource: ReviverWithSource = (_key, value, { source }) => (typeof value === 'number' ? source : value);

function scalarText(value: unknown): string | undefined {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
    case 'boolean':
      return String(value);
    default:
      return value === null ? 'null' : undefined;
  }
}
