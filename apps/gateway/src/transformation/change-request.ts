import type { Exchange } from '../exchange.js';
import { requestHeaders } from '../proxy/request-headers.js';
import type { UpstreamEntry } from '../snapshot/catalog.js';
import { jsonText } from './json-text.js';
import { type RequestChanges, changeBody, changeHeaders } from './transformation.js';
import { variablesOf } from './variables.js';

/** What the upstream is asked in the place of what the client asked. */
export interface ChangedRequest {
  /** Path, relative to the upstream's prefix, and query. */
  readonly path: string;
  readonly query: string;
  readonly headers: string[];
}

/** Changes an admitted request; `path` is relative to the version's base path. A changed body is put in its content. */
export function changeRequest(
  changes: RequestChanges,
  exchange: Exchange,
  upstream: UpstreamEntry,
  path: string,
): ChangedRequest {
  const variables = variablesOf(exchange);
  const { content } = exchange;
  if (content !== null && content.json !== undefined && changes.bodies.length > 0) {
    content.bytes = Buffer.from(jsonText(changeBody(changes, content.json, variables)));
  }
  let changedPath = path;
  for (const rewrite of changes.paths) changedPath = rewrite.applyTo(changedPath, variables);
  let query = exchange.query;
  for (const change of changes.queries) query = change.applyTo(query, variables);
  return { path: changedPath, query, headers: changeHeaders(changes, requestHeaders(exchange, upstream), variables) };
}
