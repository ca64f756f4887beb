import { isUtf8 } from 'node:buffer';
import { Worker } from 'node:worker_threads';
import type { JsonValue } from '../document/json-value.js';
import { OpenApiDocumentError } from '../document/open-api-document-error.js';
import type { ParseReply, ParseRequest } from './parse-worker.js';

/** The largest document that is read, in bytes of UTF-8. */
export const MAX_DOCUMENT_BYTES = 10 * 1024 * 1024;
/** How deep objects and lists may be nested. Large public documents stay under 20. */
export const MAX_DOCUMENT_DEPTH = 100;

const MAX_VALUES = 2_000_000;
const MAX_ALIAS_EXPANSIONS = 1_000;
const TIMEOUT_MS = 20_000;
/** A document of 3 MB with 70 000 values needs about a fifth of it. */
const MEMORY = { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 64, stackSizeMb: 4 };

/**
 * The plain JSON value of a YAML or JSON text, parsed in a worker thread, so that a hostile text can neither block nor
 * exhaust the process. No two places of the result share an object.
 * @throws OpenApiDocumentError for a text over a bound, with a syntax fault, or with values that JSON does not have.
 */
export async function parseSource(source: string | Buffer): Promise<JsonValue> {
  const reply = await runWorker({
    text: decode(source),
    maxDepth: MAX_DOCUMENT_DEPTH,
    maxValues: MAX_VALUES,
    maxAliasExpansions: MAX_ALIAS_EXPANSIONS,
  });
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

async function runWorker(request: ParseRequest): Promise<ParseReply> {
  // The worker file has no import of its own sources, so that Node can run it as TypeScript when not built.
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const worker = new Worker(new URL(`./parse-worker.${extension}`, import.meta.url), {
    workerData: request,
    resourceLimits: MEMORY,
    execArgv: [],
    env: {},
  });
  try {
    return await new Promise<ParseReply>((resolve, reject) => {
      const timer = setTimeout(() => reject(tooComplex(`took longer than ${TIMEOUT_MS / 1000} s to read`)), TIMEOUT_MS);
      worker.once('exit', () => clearTimeout(timer));
      worker.once('message', resolve);
      worker.once('error', (error: Error & { readonly code?: string }) => {
        reject(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? tooComplex('needs too much memory to read', error) : error);
      });
    });
  } finally {
    await worker.terminate();
  }
}

function tooComplex(fault: string, cause?: unknown): OpenApiDocumentError {
  return new OpenApiDocumentError('openapi_too_complex', `The document ${fault}. Make it smaller.`, { cause });
}
