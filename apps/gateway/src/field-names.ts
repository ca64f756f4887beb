/** A field name that is seen all the time. */
export interface FieldName {
  readonly name: string;
  readonly lowerCaseName: string;
  /** See `fieldLineStart`. */
  readonly lineStart: string;
}

/** As they are mostly written; in lower case they are known as well. */
const USUAL =
  'Accept Accept-Encoding Accept-Language Accept-Ranges Access-Control-Allow-Origin Age Allow Authorization ' +
  'Cache-Control Connection Content-Encoding Content-Language Content-Length Content-Security-Policy Content-Type ' +
  'Cookie Date ETag Expires Host Idempotency-Key If-Modified-Since If-None-Match Keep-Alive Last-Modified Link ' +
  'Location Origin Pragma RateLimit RateLimit-Policy Referer Retry-After Sec-Fetch-Dest Sec-Fetch-Mode ' +
  'Sec-Fetch-Site Server Set-Cookie Strict-Transport-Security Tollgate-Request-Id Traceparent Tracestate Usage ' +
  'User-Agent Vary Via X-API-Key X-Api-Key X-Consumer-Application X-Consumer-Id X-Consumer-Plan ' +
  'X-Content-Type-Options X-Forwarded-For X-Forwarded-Host X-Forwarded-Proto X-Frame-Options X-Powered-By ' +
  'X-Request-ID X-Request-Id X-Tollgate-Request-Id';

const NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

const PLACES = 512;
/** By `placeOf`: few to look through, most often one. */
const known: (FieldName[] | null)[] = Array.from({ length: PLACES }, () => null);
const byName = new Map<string, FieldName>();
for (const usual of USUAL.split(' ')) {
  const lowerCaseName = usual.toLowerCase();
  for (const name of [usual, lowerCaseName]) {
    if (byName.has(name)) continue;
    const entry = { name, lowerCaseName, lineStart: `\r\n${name}: ` };
    byName.set(name, entry);
    (known[placeOf(name, 0, name.length)] ??= []).push(entry);
  }
}

/**
 * The name in a text, from one place to before another; null when it is none that is seen all the time. A name that is known is
 * neither cut out, nor put into lower case, nor hashed for each look-up.
 */
export function knownFieldName(text: string, from: number, to: number): FieldName | null {
  const names = known[placeOf(text, from, to)]!;
  if (names === null) return null;
  const length = to - from;
  for (const candidate of names)
    if (candidate.name.length === length && text.startsWith(candidate.name, from)) return candidate;
  return null;
}

/** A field name in lower case. */
export function lowerCaseName(name: string): string {
  const usual = byName.get(name);
  return usual === undefined ? name.toLowerCase() : usual.lowerCaseName;
}

/** What a field of this name begins with, from the end of the line before: `\r\nhost: `. Null for what cannot be a name (RFC 9110 §5.6.2). */
export function fieldLineStart(name: string): string | null {
  const usual = byName.get(name);
  if (usual !== undefined) return usual.lineStart;
  return NAME.test(name) ? `\r\n${name}: ` : null;
}

function placeOf(text: string, from: number, to: number): number {
  return (text.charCodeAt(from) * 31 + text.charCodeAt(to - 1) * 7 + (to - from) * 5) & (PLACES - 1);
}
