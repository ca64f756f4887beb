import type { Exchange } from '../exchange.js';
import { isRewrittenInRequests, judgedName } from '../proxy/header-names.js';
import { requestHeaders } from '../proxy/request-headers.js';
import type { UpstreamEntry } from '../snapshot/catalog.js';
import { changeHeaders } from '../transformation/transformation.js';
import { variablesOf } from '../transformation/variables.js';
import type { TranslatedCall } from './translated-call.js';

/**
 * Header fields of a translated request, as name, value, name, value: the gateway's own, those of the client that the publisher wants,
 * the publisher's changes of both, and those of the protocol.
 */
export function translatedFields(exchange: Exchange, upstream: UpstreamEntry, call: TranslatedCall): string[] {
  const { translation, request } = call;
  const tokenHeader = upstream.tokens === null ? null : upstream.tokens.header;
  const isWanted = (name: string): boolean =>
    isRewrittenInRequests(judgedName(name)) ||
    name === upstream.credentialHeader ||
    name === tokenHeader ||
    translation.requestFields.has(name);
  const sent = filterFields(requestHeaders(exchange, upstream), isWanted);
  const { transformation } = exchange.operation!;
  const changes = transformation === null ? null : transformation.request;
  const changed = changes === null ? sent : changeHeaders(changes, sent, variablesOf(exchange));
  const { fields, body } = request;
  const kept = filterFields(changed, (name) => !isOfProtocol(name) && !fields.includes(name));
  return [...kept, ...fields, 'content-length', String(body.length)];
}

function filterFields(fields: readonly string[], isKept: (name: string) => boolean): string[] {
  const kept: string[] = [];
  for (let index = 0; index < fields.length; index += 2)
    if (isKept(fields[index]!)) kept.push(fields[index]!, fields[index + 1]!);
  return kept;
}

function isOfProtocol(name: string): boolean {
  return name === 'content-length' || name === 'accept-encoding' || name.startsWith('grpc-');
}
