import { parentPort, workerData } from 'node:worker_threads';
import { parseDocument } from 'yaml';
import type { JsonValue } from '../document/json-value.js';
import type { OpenApiDocumentErrorCode } from '../document/open-api-document-error.js';

// Runs in a worker thread, straight from TypeScript when not built: only types may be imported from beside it, and only
// syntax that can be stripped may be used.

export interface ParseRequest {
  readonly text: string;
  readonly maxDepth: number;
  readonly maxValues: number;
  readonly maxAliasExpansions: number;
}

export type ParseReply =
  | { readonly kind: 'parsed'; readonly value: JsonValue }
  | { readonly kind: 'refused'; readonly code: OpenApiDocumentErrorCode; readonly message: string };

class Refusal extends Error {
  readonly code: OpenApiDocumentErrorCode;

  constructor(code: OpenApiDocumentErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

function parse(request: ParseRequest): ParseReply {
  try {
    return { kind: 'parsed', value: plainCopy(parseText(request), request) };
  } catch (error) {
    if (error instanceof Refusal) return { kind: 'refused', code: error.code, message: error.message };
    if (!(error instanceof RangeError)) throw error;
    // Only a text nested far beyond the bound exhausts the stack of the parser.
    return { kind: 'refused', code: 'openapi_too_deep', message: tooDeep(request) };
  }
}

function parseText(request: ParseRequest): unknown {
  if (/^\s*[{[]/.test(request.text)) {
    try {
      return JSON.parse(request.text);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      // It may still be YAML in flow style; if not, the YAML parser says where the fault is.
    }
  }
  const document = parseDocument(request.text, { merge: true, logLevel: 'error' });
  const fault = document.errors[0];
  if (fault !== undefined) {
    if (fault.code === 'RESOURCE_EXHAUSTION') throw new Refusal('openapi_too_deep', tooDeep(request));
    const [sentence = 'it cannot be parsed'] = fault.message.split('\n');
    throw new Refusal('openapi_syntax', `The document is neither YAML nor JSON: ${sentence.replace(/:$/, '')}.`);
  }
  try {
    return document.toJS({ maxAliasCount: request.maxAliasExpansions });
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    const reason = `The document uses YAML aliases in a way that is not allowed: ${error.message}.`;
    throw new Refusal('openapi_too_complex', `${reason} Write the repeated parts out, or use "$ref".`);
  }
}

/** A copy without shared objects, in which everything has a JSON form. Bounds depth, and aliases once expanded. */
function plainCopy(root: unknown, request: ParseRequest): JsonValue {
  let count = 0;
  const copy = (value: unknown, depth: number): JsonValue => {
    count += 1;
    if (count > request.maxValues) {
      throw new Refusal(
        'openapi_too_complex',
        `The document has more than ${request.maxValues} values. Split the API.`,
      );
    }
    if (depth > request.maxDepth) throw new Refusal('openapi_too_deep', tooDeep(request));
    if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    if (Array.isArray(value)) return value.map((item) => copy(item, depth + 1));
    if (typeof value === 'object' && isPlain(value)) {
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [safeKey(key), copy(item, depth + 1)]));
    }
    throw new Refusal(
      'openapi_not_json',
      'The document holds a value that JSON has no form for (NaN, infinity, a tag).',
    );
  };
  return copy(root, 0);
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function safeKey(key: string): string {
  if (key === '__proto__') throw new Refusal('openapi_not_json', 'The document has a key "__proto__". Rename it.');
  return key;
}

function tooDeep(request: ParseRequest): string {
  return `The document is nested more than ${request.maxDepth} levels deep. Move inner schemas to components.`;
}

parentPort?.postMessage(parse(workerData as ParseRequest));
