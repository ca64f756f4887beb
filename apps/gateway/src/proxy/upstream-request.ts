import { withValidators } from '../cache/conditional.js';
import type { Exchange } from '../exchange.js';
import type { UpstreamEntry } from '../snapshot/catalog.js';
import { changeRequest } from '../transformation/change-request.js';
import { translatedFields } from '../translation/translated-fields.js';
import { requestHeaders } from './request-headers.js';

const noValidators: readonly string[] = [];

/** Target and header fields of a request for its upstream: as the client sent them, as the publisher wants them, or in the upstream's own protocol. */
export function upstreamRequest(
  exchange: Exchange,
  upstream: UpstreamEntry,
  validators = exchange.cacheUse?.validators ?? noValidators,
): { readonly path: string; readonly headers: string[] } {
  const { translated } = exchange;
  if (translated !== null) {
    const path = `${upstream.pathPrefix}${translated.request.path}` || '/';
    return { path, headers: translatedFields(exchange, upstream, translated) };
  }
  const { version, transformation } = exchange.operation!;
  const relative = version.basePath === '/' ? exchange.path : exchange.path.slice(version.basePath.length);
  const changes = transformation === null ? null : transformation.request;
  const changed = changes === null ? null : changeRequest(changes, exchange, upstream, relative);
  const path = `${upstream.pathPrefix}${changed === null ? relative : changed.path}` || '/';
  const headers = changed === null ? requestHeaders(exchange, upstream) : changed.headers;
  return {
    path: path + (changed === null ? exchange.query : changed.query),
    headers: validators.length === 0 ? headers : withValidators(headers, validators),
  };
}
