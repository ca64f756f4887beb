import { constants } from 'node:http2';

/** Why the head of an HTTP/2 request cannot be understood in one way only; `sound` when it can. */
export type Http2HeadVerdict =
  | 'sound'
  | 'host_repeated'
  | 'host_missing'
  | 'authority_differs'
  | 'unsupported_scheme'
  | 'fields_too_large';

const maxFieldBytes = 32 * 1024;

/** The head of a request in the form that HTTP/1.1 has: one Host, one Cookie, no pseudo-header fields. */
export interface Http2Head {
  readonly method: string;
  /** Empty for CONNECT, which has none. */
  readonly target: string;
  readonly rawHeaders: string[];
  /** No body follows. */
  readonly isComplete: boolean;
  readonly expectsContinue: boolean;
  readonly verdict: Http2HeadVerdict;
}

/**
 * Brings the fields of a HEADERS frame into the form of HTTP/1.1 (RFC 9113 §8.3.1, §8.2.3). nghttp2 has reset streams with
 * connection-specific fields, `TE` other than "trailers", upper case, pseudo-header fields that are unknown, repeated or late,
 * and lengths that are no numbers; and it has left out fields with characters that none may have (CR, LF, NUL).
 */
export function readHttp2Head(fields: readonly string[], flags: number): Http2Head {
  const rawHeaders: string[] = [];
  let method = '';
  let target = '';
  let scheme = '';
  let authority: string | null = null;
  let host: string | null = null;
  let cookie = '';
  let expectsContinue = false;
  let verdict: Http2HeadVerdict = 'sound';
  let bytes = 0;
  for (let index = 0; index < fields.length; index += 2) {
    const name = fields[index]!;
    const value = fields[index + 1]!;
    bytes += name.length + value.length;
    switch (name) {
      case ':method':
        method = value;
        break;
      case ':path':
        target = value;
        break;
      case ':scheme':
        scheme = value;
        break;
      case ':authority':
        authority = value;
        break;
      case 'host':
        if (host !== null) verdict = 'host_repeated';
        host = value;
        break;
      case 'cookie':
        cookie += `${cookie && '; '}${value}`;
        break;
      case 'expect':
        if (value.toLowerCase() === '100-continue') expectsContinue = true;
        rawHeaders.push(name, value);
        break;
      default:
        rawHeaders.push(name, value);
    }
  }
  if (cookie !== '') rawHeaders.push('cookie', cookie);
  const named = authority ?? host;
  if (named === null || named === '') verdict = 'host_missing';
  else rawHeaders.push('host', named);
  if (authority !== null && host !== null && authority.toLowerCase() !== host.toLowerCase())
    verdict = 'authority_differs';
  if (method !== 'CONNECT' && scheme !== 'https' && scheme !== 'http') verdict = 'unsupported_scheme';
  // A client that does not confirm our settings is not held to them by nghttp2.
  if (bytes > maxFieldBytes) verdict = 'fields_too_large';
  const isComplete = (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0;
  return { method, target, rawHeaders, isComplete, expectsContinue, verdict };
}
