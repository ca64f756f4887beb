import { InvalidError } from '#domain';

/** A header field of a call. */
export interface CallHeader {
  readonly name: string;
  readonly value: string;
}

/** Of one connection, of the browser, of our own, or another way to say who calls. */
const REFUSED = new Set([
  'accept-encoding',
  'authorization',
  'connection',
  'content-length',
  'cookie',
  'cookie2',
  'expect',
  'forwarded',
  'host',
  'http2-settings',
  'keep-alive',
  'set-cookie',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'via',
]);
const REFUSED_PREFIXES = ['proxy-', 'sec-', 'x-forwarded-', 'x-consumer-', 'x-tollgate-', 'tollgate-', ':'];

/**
 * The header fields of a call as they are sent: those that were given, in lower case and each once, then the key.
 * @throws InvalidError `header_not_allowed` for fields of the connection, cookies, and other credentials than the key
 */
export function callHeaders(
  given: readonly CallHeader[],
  { keyHeader, key }: { readonly keyHeader: string; readonly key: string },
): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const { name, value } of given) {
    const lower = name.toLowerCase();
    // Servers that hand fields on as variables take an underscore for a hyphen.
    const judged = lower.replaceAll('_', '-');
    const isRefused = REFUSED.has(judged) || REFUSED_PREFIXES.some((prefix) => judged.startsWith(prefix));
    if (isRefused || judged === keyHeader || judged === 'x-api-key' || Object.hasOwn(headers, lower)) {
      const why = Object.hasOwn(headers, lower) ? 'it is there twice' : 'it is set here, or is never sent on';
      throw new InvalidError('header_not_allowed', `headers: leave out "${name.slice(0, 60)}": ${why}.`);
    }
    headers[lower] = value;
  }
  return { ...headers, 'accept-encoding': 'identity', [keyHeader]: key };
}
