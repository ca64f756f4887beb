import { type JsonPointer, valueAtPointer } from '#domain';

/** What a document says at each pointer, as text: numbers digit by digit as they were written; undefined for no scalar. */
export type Scalars = readonly (string | undefined)[];

type ReviverWithSource = (this: unknown, key: string, value: unknown, context: { readonly source?: string }) => unknown;

/** The scalars of a JSON document at the pointers; null when it is no JSON, or too deep to be read digit by digit. */
export function jsonScalars(text: string, pointers: readonly JsonPointer[]): Scalars | null {
  const document = parse(text);
  if (document === noJson) return null;
  const values = pointers.map((pointer) => valueAtPointer(document, pointer));
  if (!values.some(mayLoseDigits)) return values.map(scalarText);
  const withSources = parse(text, keepSource as (key: string, value: unknown) => unknown);
  if (withSources === noJson) return null;
  return values.map((value, index) =>
    scalarText(mayLoseDigits(value) ? valueAtPointer(withSources, pointers[index]!) : value),
  );
}

function mayLoseDigits(value: unknown): boolean {
  return typeof value === 'number' && !Number.isSafeInteger(value);
}

const noJson = Symbol('no JSON');

function parse(text: string, reviver?: (key: string, value: unknown) => unknown): unknown {
  try {
    return JSON.parse(text, reviver);
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
