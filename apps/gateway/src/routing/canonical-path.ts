import { isUtf8 } from 'node:buffer';

const PLAIN = 1;
const ENCODE = 2;
/** What a character of a path is: plain, to be percent-encoded, or (0) not allowed. */
const characters = new Uint8Array(128);
for (const character of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789') mark(character, PLAIN);
for (const character of "-._~!$&'()*+,;=:@/") mark(character, PLAIN);
for (const character of '"<>[]^`{|}') mark(character, ENCODE);
const UNRESERVED = /[A-Za-z0-9._~-]/;

/**
 * The one form of a request path (RFC 3986 §6.2.2) in which routes are matched, calls are labelled and the upstream is
 * asked: unreserved characters decoded, everything else that was encoded left so with upper-case digits, dot segments
 * removed. `%2F` stays `%2F`: a segment may hold a slash. Applying it twice changes nothing more.
 *
 * Null for what must be refused: no slash at the beginning, a "%" without two hex digits, encoded control characters or
 * bytes that are no UTF-8, backslashes, and raw characters that no URI has.
 */
export function canonicalPath(raw: string): string | null {
  if (raw.charCodeAt(0) !== 47) return null;
  let isCanonical = true;
  for (let index = 0; index < raw.length; index++) {
    const code = raw.charCodeAt(index);
    const kind = code < 128 ? characters[code]! : 0;
    if (kind === PLAIN && !(code === 47 && raw.charCodeAt(index + 1) === 46)) continue;
    if (kind === 0 && code !== 37) return null;
    isCanonical = false;
  }
  if (isCanonical) return raw;
  const decoded = decodeUnreserved(raw);
  return decoded === null ? null : removeDotSegments(decoded);
}

function decodeUnreserved(raw: string): string | null {
  const highBytes: number[] = [];
  let result = '';
  for (let index = 0; index < raw.length; index++) {
    const character = raw[index]!;
    if (character !== '%') {
      highBytes.push(0);
      result += characters[raw.charCodeAt(index)] === ENCODE ? encodeURIComponent(character) : character;
      continue;
    }
    const digits = raw.slice(index + 1, index + 3);
    if (!/^[0-9A-Fa-f]{2}$/.test(digits)) return null;
    const byte = Number.parseInt(digits, 16);
    if (byte < 0x20 || byte === 0x7f) return null;
    highBytes.push(byte < 0x80 ? 0 : byte);
    const decoded = String.fromCharCode(byte);
    result += byte < 0x80 && UNRESERVED.test(decoded) ? decoded : `%${digits.toUpperCase()}`;
    index += 2;
  }
  return isUtf8(Buffer.from(highBytes)) ? result : null;
}

/** RFC 3986 §5.2.4; what would lead above the root ends at the root. */
function removeDotSegments(path: string): string {
  const segments = path.slice(1).split('/');
  const last = segments.at(-1);
  const kept: string[] = [];
  for (const segment of segments) {
    if (segment === '..') kept.pop();
    else if (segment !== '.') kept.push(segment);
  }
  if (last === '.' || last === '..') kept.push('');
  return `/${kept.join('/')}`;
}

function mark(character: string, kind: number): void {
  characters[character.charCodeAt(0)] = kind;
}
