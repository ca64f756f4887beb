import type { IncomingHttpHeaders } from 'node:http';
import { CR, LF, endOfText, newFieldLine, readFieldLine } from '../../field-line.js';

/** The head of an answer of which there is nothing to be in doubt about, and whose body has a length. */
export interface PlainAnswer {
  readonly status: number;
  /** By lower-case name; several values where a field came several times. */
  readonly headers: IncomingHttpHeaders;
  readonly contentLength: number;
  /** How long the upstream keeps the connection; null when it does not say. */
  readonly keepAliveMs: number | null;
  /** How many bytes the head takes. */
  readonly length: number;
}

const maxLength = 16 * 1024;
const VERSION = 'HTTP/1.1 ';
const SPACE = 32;
const ONE = 49;

/** Filled anew by each line. */
const line = newFieldLine();

const DOUBTFUL = new Set(['transfer-encoding', 'trailer', 'upgrade', 'proxy-connection', '__proto__']);
const DECIMAL = /^(?:0|[1-9]\d{0,14})$/;
const INTERIM = /^1(?!01)\d\d$/;
const KEEP_ALIVE = /^timeout=(\d{1,6})(?:, ?max=\d{1,6})?$/i;

/**
 * Reads the head of a plain answer to a request that is no HEAD: HTTP/1.1, whole, final, with exactly one decimal length, each
 * line as RFC 9112 writes it, on a connection that is kept. Null for everything else, and in any doubt.
 */
export function readPlainAnswer(bytes: Buffer): PlainAnswer | null {
  const text = bytes.toString('latin1', 0, Math.min(bytes.length, maxLength));
  let at = endOfStatusLine(text);
  if (at === -1) return null;
  const status = Number(text.slice(9, 12));
  if (!(status >= 200 && status <= 599) || status === 204 || status === 304) return null;

  const headers: Record<string, string | string[]> = {};
  let contentLength = -1;
  let keepAliveMs: number | null = null;
  while (text.charCodeAt(at) !== CR) {
    at = readFieldLine(text, at, line);
    if (at === -1) return null;
    const { lowerCaseName: name, value } = line;
    if (DOUBTFUL.has(name)) return null;
    if (name === 'content-length') {
      if (contentLength !== -1 || !DECIMAL.test(value)) return null;
      contentLength = Number(value);
    } else if (name === 'connection') {
      if (value.toLowerCase() !== 'keep-alive') return null;
    } else if (name === 'keep-alive') {
      const match = KEEP_ALIVE.exec(value);
      if (match === null) return null;
      keepAliveMs = Number(match[1]) * 1000;
    }
    if (!addField(headers, name, value)) return null;
  }
  if (text.charCodeAt(at + 1) !== LF || contentLength === -1) return null;
  return { status, headers, contentLength, keepAliveMs, length: at + 2 };
}

/** An answer that another one follows (RFC 9110 §15.2). */
export interface InterimAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** How many bytes it takes. */
  readonly length: number;
}

/**
 * Reads the interim answer that begins at `from`, if it is plain and whole. Null for everything else, a 101 too: what follows that
 * is another protocol.
 */
export function readInterimAnswer(bytes: Buffer, from: number): InterimAnswer | null {
  if (bytes[from + VERSION.length] !== ONE) return null;
  const text = bytes.toString('latin1', from, Math.min(bytes.length, from + maxLength));
  let at = endOfStatusLine(text);
  const status = text.slice(9, 12);
  if (at === -1 || !INTERIM.test(status)) return null;
  const headers: Record<string, string | string[]> = {};
  while (text.charCodeAt(at) !== CR) {
    at = readFieldLine(text, at, line);
    if (at === -1) return null;
    const { lowerCaseName: name, value } = line;
    if (DOUBTFUL.has(name) || name === 'content-length' || !addField(headers, name, value)) return null;
  }
  return text.charCodeAt(at + 1) === LF ? { status: Number(status), headers, length: at + 2 } : null;
}

/** False for a name that objects have by themselves. */
function addField(headers: Record<string, string | string[]>, name: string, value: string): boolean {
  const before = headers[name];
  if (before === undefined) headers[name] = value;
  else if (typeof before === 'string') headers[name] = [before, value];
  else if (Array.isArray(before)) before.push(value);
  else return false;
  return true;
}

/** Where the first line of an answer ends; -1 when it is not plain. */
function endOfStatusLine(text: string): number {
  if (!text.startsWith(VERSION) || text.charCodeAt(12) !== SPACE) return -1;
  const at = endOfText(text, 13);
  return text.charCodeAt(at) === CR && text.charCodeAt(at + 1) === LF ? at + 2 : -1;
}
