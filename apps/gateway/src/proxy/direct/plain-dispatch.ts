import { fieldLineStart } from '../../field-names.js';
import type { UpstreamDispatch } from '../upstream-dispatcher.js';

/** Methods of which a request without a body says nothing of its length. */
const METHODS = new Set(['GET', 'DELETE', 'OPTIONS']);
const METHODS_WITH_BODY = new Set(['POST', 'PUT', 'PATCH']);
/** Longer bodies are more than can be written at once. */
const maxBodyLength = 16 * 1024;
const NOT_IN_VALUE = /[^\t\x20-\x7e]/;
const NOT_IN_PATH = /[^\x21-\x7e]/;
const maxKnownNames = 1_000;

/** By name that has been looked at, what its line begins with; null for what is no name, or says something of the framing or the connection. */
const lineStarts = new Map<string, string | null>(
  ['host', 'connection', 'keep-alive', 'content-length', 'transfer-encoding', 'expect', 'upgrade', 'trailer'].map(
    (name) => [name, null],
  ),
);

/** The head of a request without a body, or with a short one that is there; null for one that is not plain. */
export function writePlainDispatch(
  { method, path, headers, body, upgrade }: UpstreamDispatch,
  host: string,
): string | null {
  const sent = Buffer.isBuffer(body) && body.length > 0 && body.length <= maxBodyLength ? body : null;
  if ((body && !sent) || !(sent ? METHODS_WITH_BODY : METHODS).has(method)) return null;
  if (upgrade || path.charCodeAt(0) !== 47 || NOT_IN_PATH.test(path)) return null;
  let text = `${method} ${path} HTTP/1.1\r\nhost: ${host}\r\nconnection: keep-alive`;
  if (sent) text += `\r\ncontent-length: ${sent.length}`;
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index]!;
    const value = headers[index + 1]!;
    // It is said already, by the body itself.
    if (sent && name === 'content-length') continue;
    const start = plainLineStart(name);
    if (start === null || NOT_IN_VALUE.test(value)) return null;
    text += start + value;
  }
  return `${text}\r\n\r\n`;
}

function plainLineStart(name: string): string | null {
  const known = lineStarts.get(name);
  if (known !== undefined) return known;
  const start = lineStarts.get(name.toLowerCase()) === null ? null : fieldLineStart(name);
  if (lineStarts.size < maxKnownNames) lineStarts.set(name, start);
  return start;
}
