const TARGET = /^[\x21\x22\x24-\x7e]*$/;
const ABSOLUTE_FORM = /^https?:\/\/([^/?]*)([^?]*)/i;

const AUTHORITY = /^(?:[A-Za-z0-9._~-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?$/;

/** True for a host with or without a port: no user, no list, nothing that needs escaping. */
export function isAuthority(text: string): boolean {
  return AUTHORITY.test(text);
}

/** The parts of a request target (RFC 9112 §3.2), as they were sent. */
export interface RequestTarget {
  /** Only of a target in absolute form; it then stands for the Host header. */
  readonly authority: string | null;
  readonly path: string;
  /** With its question mark; empty when there is none. */
  readonly query: string;
}

/** Takes a target in origin or absolute form apart; null for other forms and for characters that no URI has. */
export function parseRequestTarget(url: string): RequestTarget | null {
  if (!TARGET.test(url)) return null;
  const queryAt = url.indexOf('?');
  const query = queryAt === -1 ? '' : url.slice(queryAt);
  if (url.charCodeAt(0) === 47) return { authority: null, path: queryAt === -1 ? url : url.slice(0, queryAt), query };
  const match = ABSOLUTE_FORM.exec(url);
  return match ? { authority: match[1]!, path: match[2] || '/', query } : null;
}

/** The host of an authority or Host header, without port, in lower case. */
export function hostOf(authority: string): string {
  const end = authority.startsWith('[') ? authority.indexOf(']') + 1 : authority.indexOf(':');
  return (end > 0 ? authority.slice(0, end) : authority).toLowerCase();
}
