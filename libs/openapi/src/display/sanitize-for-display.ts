import { isJsonObject, type JsonObject, type JsonValue } from '../document/json-value.js';
import { disarmMarkup } from './harmless-markup.js';
import { BLOCKED_URL, disarmLinks, isSafeUrl, isScriptUrl } from './safe-url.js';

/** Strings at these keys are data, which a renderer shows letter by letter. */
const VERBATIM_KEYS = new Set(['example', 'default', 'const', 'value', 'pattern', '$ref', 'operationId']);
const VERBATIM_LIST_KEYS = new Set(['enum', 'examples', 'required']);
const CODE_SAMPLE_KEYS = new Set(['x-codeSamples', 'x-code-samples']);
const URL_KEYS = new Set(['url', 'href', 'termsOfService']);
/** Dropped: a renderer would fetch what stands there. */
const REMOTE_KEYS = new Set(['externalValue']);

/** Where a string stands, as far as it matters here. */
interface Place {
  readonly key: string;
  /** Inside a map from names to Markdown (OAuth scopes, vendor extensions), where a key says nothing of its value. */
  readonly isNameMap: boolean;
  readonly isCodeSample: boolean;
}

/**
 * A copy of `document` (as of `OpenApiDocument.document`) that a Markdown and HTML renderer can show in the portal's own
 * origin: no string can bring a tag other than plain formatting, no link or URL field leads to anything but web
 * addresses, mailboxes or relative places, and nothing remains that a renderer would load. Markdown keeps its meaning.
 * Examples, defaults, enums and patterns given as plain strings stay exactly as they are.
 */
export function sanitizeForDisplay(document: JsonObject): JsonObject {
  return sanitizeObject(document, { key: '', isNameMap: false, isCodeSample: false });
}

function sanitizeObject(object: JsonObject, place: Place): JsonObject {
  const entries = Object.entries(object).filter(([key]) => !REMOTE_KEYS.has(key));
  return Object.fromEntries(
    entries.map(([key, value]) => [
      key,
      sanitize(value, {
        key,
        isNameMap: place.isNameMap || key === 'scopes' || key.startsWith('x-'),
        isCodeSample: CODE_SAMPLE_KEYS.has(place.key) && key === 'source',
      }),
    ]),
  );
}

function sanitize(value: JsonValue, place: Place): JsonValue {
  if (typeof value === 'string') return sanitizeText(value, place);
  if (Array.isArray(value)) {
    const isVerbatim = VERBATIM_LIST_KEYS.has(place.key) && !place.isNameMap;
    return value.map((item: JsonValue) => (isVerbatim && typeof item === 'string' ? item : sanitize(item, place)));
  }
  return isJsonObject(value) ? sanitizeObject(value, place) : value;
}

function sanitizeText(text: string, place: Place): string {
  if (place.isCodeSample) return text;
  if (VERBATIM_KEYS.has(place.key) && !place.isNameMap) return text;
  if (isUrlKey(place.key) && !isSafeUrl(text)) return BLOCKED_URL;
  if (isScriptUrl(text)) return BLOCKED_URL;
  return disarmLinks(disarmMarkup(text));
}

function isUrlKey(key: string): boolean {
  return URL_KEYS.has(key) || key.endsWith('Url');
}
