import type { RequestFault, RestRequest } from '#translation';
import type { Exchange } from '../exchange.js';
import { queryPairs } from './query-pairs.js';
import { TranslatedCall } from './translated-call.js';
import type { Translation } from './translation.js';

const nothing: readonly RequestFault[] = [];

/**
 * Translates a request whose body has been read, and keeps what the upstream is to be sent. Returns where the request does not fit;
 * nothing when all is well.
 */
export function translateRequest(exchange: Exchange, translation: Translation): readonly RequestFault[] {
  const request = restRequest(exchange);
  if ('in' in request) return [request];
  const translated = translation.translate(request);
  if (!('body' in translated)) return translated;
  exchange.translated = new TranslatedCall(translation, translated);
  return nothing;
}

function restRequest({ path, query, content, operation }: Exchange): RestRequest | RequestFault {
  const { version, pathParameters } = operation!;
  const relative = version.basePath === '/' ? path : path.slice(version.basePath.length);
  const pairs = queryPairs(query.slice(1));
  if (pairs === null) return { in: 'query', message: 'expected percent-encoded UTF-8' };
  const hasBody = content !== null && content.bytes.length > 0;
  if (hasBody && content.json === undefined)
    return { in: 'body', message: 'expected JSON of no more than 500 levels, with a content type that says so' };
  const values = [...pathParameters.valuesIn(relative)].map(
    ([name, text]) => [name, decodeURIComponent(text)] as const,
  );
  return { pathParameters: new Map(values), query: pairs, body: hasBody ? content.json : undefined };
}
