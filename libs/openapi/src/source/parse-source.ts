import { isUtf8 } from 'node:buffer';
import type { JsonValue } from '../document/json-value.js';
import { OpenApiDocumentError } from '../document/open-api-document-error.js';
import { runInBounds } from './run-in-bounds.js';
import type { ParseReply, ParseRequest } from './parse-worker.js';

/** The largest document that is read, in bytes of UTF-8. */
export const MAX_DOCUMENT_BYTES = 10 * 1024 * 1024;
/** How deep objects and lists may be nested. Large public documents stay under 20. */
export const MAX_DOCUMENT_DEPTH = 100;

const MAX_VALUES = 2_000_000;
const MAX_ALIAS_EXPANSIONS = 1_000;

/**
 * The plain JSON value of a YAML or JSON text, parsed in a worker thread, so that a hostile text can neither block nor
 * exhaust the process. No two places of the result share an object.
 * @throws OpenApiDocumentError for a text over a bound, with a syntax fault, or with values that JSON does not have.
 */
export async function parseSource(source: string | Buffer): Promise<JsonValue> {
  const request: ParseRequest = {
    text: decode(source),
    maxDepth: MAX_DOCUMENT_DEPTH,
    maxValues: MAX_VALUES,
    maxAliasExpansions: MAX_ALIAS_EXPANSIONS,
  };
  const reply = await runInBounds<ParseReply>(new URL('./parse-worker', import.meta.url), request);
  if (reply.kind === 'refused') throw new OpenApiDocumentError(reply.code, reply.message);
  return reply.value;
}

function decode(source: string | Buffer): string {
  const byteLength = typeof source === 'string' ? Buffer.byteLength(source) : source.byteLength;
  if (byteLength > MAX_DOCUMENT_BYTES) {
    throw new OpenApiDocumentError(
      'openapi_too_large',
      `The document has ${byteLength} bytes; at most ${MAX_DOCUMENT_BYTES} are read. Split the API or drop examples.`,
    );
  }
  if (typeof source !== 'string' && !isUtf8(source)) {
    throw new OpenApiDocumentError(
      'openapi_not_utf8',
      'The document is not UTF-8 text. Save it as UTF-8 and try again.',
    );
  }
  const text = typeof source === 'string' ? source : source.toString('utf8');
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}
