import { hasOwnKeyForm } from '#domain';
import type { Exchange } from '../exchange.js';
import { lowerCaseName } from '../field-names.js';
import type { UpstreamEntry } from '../snapshot/catalog.js';
import { traceparent } from '../tracing/trace-context.js';
import { pushForwarding } from './forwarding-headers.js';
import { isRewrittenInRequests, judgedName } from './header-names.js';

/**
 * The header fields for the upstream, as name, value, name, value: those of the client without its key and without what
 * is for one hop only, and ours.
 */
export function requestHeaders(exchange: Exchange, upstream: UpstreamEntry): string[] {
  const { head, account, requestId, content, trace } = exchange;
  const { rawHeaders } = head;
  const headers: string[] = [];
  const { tokens } = upstream;
  const tokenHeader = tokens === null ? null : tokens.header;
  let via = '';
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = lowerCaseName(rawHeaders[index]!);
    const value = rawHeaders[index + 1]!;
    if (name === 'via') via += `${value}, `;
    const judged = judgedName(name);
    if (isRewrittenInRequests(judged) || judged === upstream.credentialHeader || judged === tokenHeader) continue;
    if (isKeyField(judged, value, exchange)) continue;
    if (head.isNominated(name)) continue;
    headers.push(name, value);
  }
  if (content !== null) headers.push('content-length', String(content.bytes.length));
  else if (head.contentLength > 0) headers.push('content-length', String(head.contentLength));
  headers.push('via', `${via}${head.isHttp2 ? '2.0' : '1.1'} tollgate`);
  pushForwarding(headers, exchange);
  const { mode } = account!;
  pushConsumer(headers, exchange);
  headers.push('x-tollgate-request-id', requestId);
  if (trace !== null) {
    headers.push('traceparent', traceparent(trace));
    if (trace.state !== null) headers.push('tracestate', trace.state);
  }
  if (mode === 'test') headers.push('x-tollgate-mode', 'test');
  if (upstream.credentialHeader !== null) headers.push(upstream.credentialHeader, upstream.credential ?? '');
  if (tokens !== null) headers.push(tokens.header, tokens.of(account!));
  return headers;
}

/** Adds who calls, and under which plan. */
export function pushConsumer(headers: string[], { account }: Exchange): void {
  const { application, terms } = account!;
  headers.push('x-consumer-id', application.organizationId, 'x-consumer-application', application.id);
  headers.push('x-consumer-plan', terms === null ? 'test' : terms.planSlug);
  const features = terms === null ? null : terms.featureField;
  if (features !== null) headers.push('x-consumer-features', features);
}

/** True for a field that holds the key, or a key of ours that was sent to the wrong API. */
export function isKeyField(name: string, value: string, { operation, isAuthorizationKey }: Exchange): boolean {
  if (name === 'authorization') return isAuthorizationKey;
  return name === operation!.version.keyPlaces.header || (name === 'x-api-key' && hasOwnKeyForm(value));
}
