import type { IncomingHttpHeaders } from 'node:http';
import type { Exchange } from '../exchange.js';
import { isJsonType } from '../policies/read-content.js';
import { jsonText, parseJson } from './json-text.js';
import { type ResponseChanges, changeBody } from './transformation.js';
import { variablesOf } from './variables.js';

/** Fields that say something of the bytes of a body: not true any more of a changed one (RFC 9530, RFC 1864). */
const OF_THE_BYTES = new Set(['content-md5', 'digest', 'content-digest', 'repr-digest', 'accept-ranges']);

/** An answer of the upstream whose head and body are held back, as its body is to be changed. */
export class HeldAnswer {
  private readonly chunks: Buffer[] = [];
  private size = 0;

  constructor(
    private readonly changes: ResponseChanges,
    readonly status: number,
    readonly headers: IncomingHttpHeaders,
  ) {}

  /** Keeps the chunk; false when there is more than may be changed. */
  add(chunk: Buffer): boolean {
    this.chunks.push(chunk);
    this.size += chunk.length;
    return this.size <= this.changes.maxBodyBytes;
  }

  get refusesLarge(): boolean {
    return this.changes.tooLarge === 'refuse';
  }

  /** The body as it came. */
  get received(): Buffer {
    return Buffer.concat(this.chunks, this.size);
  }

  /** The changed body; null when it is no JSON after all. */
  changed(exchange: Exchange): Buffer | null {
    const json = parseJson(this.received.toString('utf8'));
    if (json === undefined) return null;
    return Buffer.from(jsonText(changeBody(this.changes, json, variablesOf(exchange))));
  }
}

/**
 * True for an answer whose body is changed: a whole one with a 2xx status and JSON without content coding. Answers to HEAD
 * keep the length that the upstream told.
 */
export function isBodyChanged(
  changes: ResponseChanges,
  method: string,
  status: number,
  headers: IncomingHttpHeaders,
): boolean {
  if (changes.bodies.length === 0 || method === 'HEAD') return false;
  if (status < 200 || status > 299 || status === 204 || status === 205 || status === 206) return false;
  return isJsonType(headers['content-type'] ?? null) && (headers['content-encoding'] ?? 'identity') === 'identity';
}

/** The fields of the upstream for a body of another length: what tells of the bytes is left out, a strong tag is weakened. */
export function headersOfChanged(headers: IncomingHttpHeaders, length: number): IncomingHttpHeaders {
  const changed: IncomingHttpHeaders = {};
  for (const name in headers) if (!OF_THE_BYTES.has(name)) changed[name] = headers[name];
  const { etag } = headers;
  if (etag?.startsWith('"') === true) changed.etag = `W/${etag}`;
  changed['content-length'] = String(length);
  return changed;
}

/** What the answer is held in, when its body is to be changed; else null. */
export function heldAnswerOf(
  { operation, request }: Exchange,
  status: number,
  headers: IncomingHttpHeaders,
): HeldAnswer | null {
  const { transformation } = operation!;
  const changes = transformation === null ? null : transformation.response;
  if (changes === null || !isBodyChanged(changes, request.method!, status, headers)) return null;
  return new HeldAnswer(changes, status, headers);
}
