import type { IncomingHttpHeaders } from 'node:http';
import zlib from 'node:zlib';
import type { JsonPointer } from '#domain';
import { EventStreamReader } from './event-stream-reader.js';
import { JsonLinesReader } from './json-lines-reader.js';
import { type Scalars, jsonScalars } from './json-scalars.js';

/** Of a body, as it comes and decoded: a longer one is not read. */
const maxBytes = 1024 * 1024;

/** Reads values out of a response's body while it passes. */
export interface BodyReader {
  onData(chunk: Buffer): void;
  /** What has been found so far, in bodies that say it as they pass. */
  latest(): Scalars | null;
  /** What was found at each pointer; null when the body is too long, damaged or not what it says it is. */
  end(): Scalars | null;
}

/** A reader for a body with these fields; null when it is neither JSON nor lines of it nor events, or in a coding that we do not know. */
export function bodyReaderFor(headers: IncomingHttpHeaders, pointers: readonly JsonPointer[]): BodyReader | null {
  const decode = decoders.get((headers['content-encoding'] ?? 'identity').trim().toLowerCase());
  const type = (headers['content-type'] ?? '').toLowerCase();
  if (!decode) return null;
  if (type.startsWith('text/event-stream')) {
    return decode === identity ? new EventStreamReader(pointers) : new WholeBodyReader(decode, eventScalars(pointers));
  }
  if (/^application\/(?:x-ndjson|jsonl)\b/.test(type)) {
    return decode === identity ? new JsonLinesReader(pointers) : new WholeBodyReader(decode, lineScalars(pointers));
  }
  if (!/^[^;]*[/+]json\b/.test(type)) return null;
  return new WholeBodyReader(decode, (body) => jsonScalars(body.toString('utf8'), pointers));
}

type Decode = (body: Buffer) => Buffer;

const identity: Decode = (body) => body;
const gunzip: Decode = (body) => zlib.gunzipSync(body, { maxOutputLength: maxBytes });
const decoders: ReadonlyMap<string, Decode> = new Map([
  ['identity', identity],
  ['gzip', gunzip],
  ['x-gzip', gunzip],
  ['br', (body) => zlib.brotliDecompressSync(body, { maxOutputLength: maxBytes })],
]);

function eventScalars(pointers: readonly JsonPointer[]): (body: Buffer) => Scalars {
  return (body) => {
    const reader = new EventStreamReader(pointers);
    reader.onData(body);
    return reader.end();
  };
}

function lineScalars(pointers: readonly JsonPointer[]): (body: Buffer) => Scalars {
  return (body) => {
    const reader = new JsonLinesReader(pointers);
    reader.onData(body);
    return reader.end();
  };
}

/** Keeps a body that is not too long, and reads it when it is complete. */
class WholeBodyReader implements BodyReader {
  private chunks: Buffer[] = [];
  private bytes = 0;

  constructor(
    private readonly decode: Decode,
    private readonly read: (body: Buffer) => Scalars | null,
  ) {}

  onData(chunk: Buffer): void {
    this.bytes += chunk.length;
    if (this.bytes <= maxBytes) this.chunks.push(chunk);
    else this.chunks = [];
  }

  latest(): null {
    return null;
  }

  end(): Scalars | null {
    const { chunks } = this;
    this.chunks = [];
    if (this.bytes === 0 || this.bytes > maxBytes) return null;
    let body: Buffer;
    try {
      body = this.decode(Buffer.concat(chunks));
    } catch {
      return null;
    }
    return this.read(body);
  }
}
