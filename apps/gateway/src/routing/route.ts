import type { Exchange } from '../exchange.js';
import type { OperationEntry } from '../snapshot/catalog.js';
import { canonicalPath } from './canonical-path.js';
import { isAuthority, parseRequestTarget } from './request-target.js';
import type { PathEntry, RouteTable } from './route-table.js';

const maxTargetLength = 8_192;

/** What is at the path that was asked for, or why nothing can be. */
export type RoutingVerdict =
  | PathEntry<OperationEntry>
  | 'target_too_long'
  | 'malformed_target'
  | 'malformed_path'
  | 'not_found';

/** Brings the request's path into its one form, keeps it, and looks up what is there. */
export function route(exchange: Exchange, routes: RouteTable<OperationEntry>): RoutingVerdict {
  const url = exchange.request.url!;
  if (url.length > maxTargetLength) return 'target_too_long';
  const target = parseRequestTarget(url);
  if (!target) return 'malformed_target';
  const path = canonicalPath(target.path);
  if (path === null) return 'malformed_path';
  const authority = target.authority ?? exchange.head.host;
  if (authority !== null && !isAuthority(authority)) return 'malformed_target';
  exchange.path = path;
  exchange.query = target.query;
  exchange.authority = authority;
  return routes.find(authority ?? '', path, exchange) ?? 'not_found';
}
