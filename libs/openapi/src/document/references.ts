import { isJsonObject, type JsonObject, type JsonValue } from './json-value.js';
import { OpenApiDocumentError } from './open-api-document-error.js';

/** Keys whose string value is a reference, in OpenAPI 3.0, 3.1 and JSON Schema 2020-12. */
const REFERENCE_KEYS = new Set(['$ref', '$dynamicRef', '$recursiveRef', 'operationRef']);
const MAX_HOPS = 32;

/**
 * The value that `reference` ("#/components/schemas/Country") points to in `document`, or `undefined` if there is
 * none. RFC 6901 in its URI fragment form: percent-encoding first, then `~1` and `~0`.
 */
export function resolveReference(document: JsonObject, reference: string): JsonValue | undefined {
  if (!reference.startsWith('#/')) return undefined;
  let value: JsonValue | undefined = document;
  for (const encoded of reference.slice(2).split('/')) {
    const key = decodeToken(encoded);
    if (key === null || typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Readonly<Record<string, JsonValue>>)[key];
  }
  return value;
}

/**
 * `value` itself, or what its chain of `$ref` leads to.
 * @throws OpenApiDocumentError `openapi_unresolved_reference` for a chain that ends nowhere or runs in a circle.
 */
export function followReferences(document: JsonObject, value: JsonValue | undefined): JsonValue | undefined {
  let current = value;
  for (let hop = 0; hop < MAX_HOPS; hop += 1) {
    if (!isJsonObject(current) || typeof current.$ref !== 'string') return current;
    const target = resolveReference(document, current.$ref);
    if (target === undefined) throw unresolved(current.$ref);
    current = target;
  }
  throw new OpenApiDocumentError(
    'openapi_unresolved_reference',
    `A path item is reached through more than ${MAX_HOPS} references, or through a circle of them. Write it out.`,
  );
}

/**
 * Checks every reference of the document, wherever it stands, so that nothing that reads the document later can be
 * led to fetch a file or a URL.
 * @throws OpenApiDocumentError `openapi_external_reference` or `openapi_unresolved_reference`, with the place.
 */
export function checkReferences(document: JsonObject): void {
  const pending: { readonly value: JsonValue; readonly pointer: string }[] = [{ value: document, pointer: '#' }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { value, pointer } = next;
    if (typeof value !== 'object' || value === null) continue;
    for (const [key, child] of Object.entries(value)) {
      const place = `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
      if (typeof child === 'string' && REFERENCE_KEYS.has(key) && !Array.isArray(value)) {
        checkReference(document, child, place);
      } else if (typeof child === 'object' && child !== null) {
        pending.push({ value: child, pointer: place });
      }
    }
  }
}

function checkReference(document: JsonObject, reference: string, place: string): void {
  if (!reference.startsWith('#/')) {
    throw new OpenApiDocumentError(
      'openapi_external_reference',
      `${place} refers to "${excerpt(reference)}". Only references within the document ("#/…") are followed: bundle ` +
        'the document into one file first.',
    );
  }
  if (resolveReference(document, reference) === undefined) throw unresolved(reference, place);
}

function unresolved(reference: string, place?: string): OpenApiDocumentError {
  const where = place === undefined ? 'The document' : place;
  return new OpenApiDocumentError(
    'openapi_unresolved_reference',
    `${where} refers to "${excerpt(reference)}", which the document does not contain. Add it or correct the reference.`,
  );
}

function decodeToken(encoded: string): string | null {
  try {
    return decodeURIComponent(encoded).replaceAll('~1', '/').replaceAll('~0', '~');
  } catch {
    return null;
  }
}

function excerpt(text: string): string {
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
}
