import type { IncomingHttpHeaders } from 'node:http';

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
const CR = 13;
const LF = 10;
const SPACE = 32;
const COLON = 58;

const IN_NAME = 1;
const IN_VALUE = 2;
const KINDS = new Uint8Array(256);
for (const letter of "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-.^_`|~")
  KINDS[letter.charCodeAt(0)]! |= IN_NAME;
for (let code = SPACE; code < 127; code++) KINDS[code]! |= IN_VALUE;

const DOUBTFUL = new Set(['transfer-encoding', 'trailer', 'upgrade', 'proxy-connection', '__proto__']);
const DECIMAL = /^(?:0|[1-9]\d{0,14})$/;
const KEEP_ALIVE = /^timeout=(\d{1,6})(?:, ?max=\d{1,6})?$/i;

/**
 * Reads the head of a plain answer to a request that is no HEAD: HTTP/1.1, whole, final, with exactly one decimal length, each
 * line as RFC 9112 writes it, on a connection that is kept. Null for everything else, and in any doubt.
 */
export function readPlainAnswer(bytes: Buffer): PlainAnswer | null {
  const text = bytes.toString('latin1', 0, Math.min(bytes.length, maxLength));
  if (!text.startsWith(VERSION) || text.charCodeAt(12) !== SPACE) return null;
  const status = Number(text.slice(9, 12));
  if (!(status >= 200 && status <= 599) || status === 204 || status === 304) return null;
  let at = 13;
  while ((KINDS[text.charCodeAt(at)]! & IN_VALUE) !== 0) at++;
  if (text.charCodeAt(at) !== CR || text.charCodeAt(at + 1) !== LF) return null;
  at += 2;

  const headers: Record<string, string | string[]> = {};
  let contentLength = -1;
  let keepAliveMs: number | null = null;
  while (text.charCodeAt(at) !== CR) {
    const nameAt = at;
    while ((KINDS[text.charCodeAt(at)]! & IN_NAME) !== 0) at++;
    if (at === nameAt || text.charCodeAt(at) !== COLON) return null;
    const name = text.slice(nameAt, at).toLowerCase();
    at++;
    if (text.charCodeAt(at) === SPACE) at++;
    const valueAt = at;
    while ((KINDS[text.charCodeAt(at)]! & IN_VALUE) !== 0) at++;
    if (text.charCodeAt(at) !== CR || text.charCodeAt(at + 1) !== LF) return null;
    if (at > valueAt && (text.charCodeAt(valueAt) === SPACE || text.charCodeAt(at - 1) === SPACE)) return null;
    const value = text.slice(valueAt, at);
    at += 2;
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
    const before = headers[name];
    if (before === undefined) headers[name] = value;
    else if (typeof before === 'string') headers[name] = [before, value];
    else if (Array.isArray(before)) before.push(value);
    else return null;
  }
  if (text.charCodeAt(at + 1) !== LF || contentLength === -1) return null;
  return { status, headers, contentLength, keepAliveMs, length: at + 2 };
}
