/** For one connection only (RFC 9110 §7.6.1), or what frames and codes a message: never a publisher's to change. */
const OF_THE_HOP = [
  'connection',
  'content-encoding',
  'content-length',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'via',
];
const OF_REQUESTS = new Set([...OF_THE_HOP, 'expect', 'forwarded', 'host', 'traceparent', 'tracestate', 'x-api-key']);
const OF_RESPONSES = new Set([
  ...OF_THE_HOP,
  'ratelimit',
  'ratelimit-policy',
  'retry-after',
  'usage',
  'www-authenticate',
]);
const PREFIXES_OF_REQUESTS = ['x-forwarded-', 'x-consumer-', 'x-tollgate-', 'tollgate-'];
const PREFIXES_OF_RESPONSES = ['x-ratelimit-', 'x-tollgate-', 'tollgate-'];

/** True for request fields that only the gateway sets or removes. */
export function isProtectedInRequests(name: string): boolean {
  return isIn(name.toLowerCase(), OF_REQUESTS, PREFIXES_OF_REQUESTS);
}

/** True for response fields that only the gateway sets or removes. */
export function isProtectedInResponses(name: string): boolean {
  return isIn(name.toLowerCase(), OF_RESPONSES, PREFIXES_OF_RESPONSES);
}

function isIn(lowerCaseName: string, names: ReadonlySet<string>, prefixes: readonly string[]): boolean {
  return names.has(lowerCaseName) || prefixes.some((prefix) => lowerCaseName.startsWith(prefix));
}
