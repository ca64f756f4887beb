/** Fields that are for one connection only (RFC 9110 §7.6.1), beside those that `Connection` names. */
const HOP_BY_HOP = [
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'transfer-encoding',
  'upgrade',
];

/** Besides, fields that only the gateway may set, and those that describe the hop before. */
const OF_REQUESTS = new Set([
  ...HOP_BY_HOP,
  'host',
  'expect',
  'http2-settings',
  'trailer',
  'forwarded',
  'x-real-ip',
  'via',
  'content-length',
  'traceparent',
  'tracestate',
]);
const PREFIXES_OF_REQUESTS = ['x-forwarded-', 'x-consumer-', 'x-tollgate-', 'tollgate-'];
const OF_RESPONSES = new Set([...HOP_BY_HOP, 'via', 'ratelimit', 'ratelimit-policy', 'usage', 'tollgate-request-id']);

/**
 * The name under which a field is judged. Servers that hand fields on as variables (CGI, WSGI, PHP) take an underscore
 * for a hyphen: `x_consumer_id` would pass for `x-consumer-id`.
 */
export function judgedName(lowerCaseName: string): string {
  return lowerCaseName.includes('_') ? lowerCaseName.replaceAll('_', '-') : lowerCaseName;
}

/** True for a request field that is not passed on as it came. */
export function isRewrittenInRequests(lowerCaseName: string): boolean {
  if (OF_REQUESTS.has(lowerCaseName)) return true;
  const first = lowerCaseName.charCodeAt(0);
  if (first !== 120 && first !== 116) return false;
  return PREFIXES_OF_REQUESTS.some((prefix) => lowerCaseName.startsWith(prefix));
}

/** True for a response field that is not passed on as it came. */
export function isRewrittenInResponses(lowerCaseName: string): boolean {
  return OF_RESPONSES.has(lowerCaseName);
}
