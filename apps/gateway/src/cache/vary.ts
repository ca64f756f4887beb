import type { IncomingHttpHeaders } from 'node:http';
import type { Exchange } from '../exchange.js';
import { isRewrittenInRequests } from '../proxy/header-names.js';
import { isKeyField } from '../proxy/request-headers.js';

/** The fields of a request as the cache looks at them. */
export interface RequestFields {
  valueOf(lowerCaseName: string): string | null;
}

/** Those that the upstream sees: a key of ours is not among them, and so never kept. */
export class UpstreamFields implements RequestFields {
  constructor(private readonly exchange: Exchange) {}

  valueOf(lowerCaseName: string): string | null {
    const value = this.exchange.head.valueOf(lowerCaseName);
    return value === null || isKeyField(lowerCaseName, value, this.exchange) ? null : value;
  }
}

/** The request fields that an answer depends on, each with the value that it was given for; null for none. */
export type Selection = readonly (readonly [name: string, value: string | null])[];

/** `any`: no other request gets the answer. `consumer`: it depends on what the gateway says of the consumer. */
export type VaryVerdict = Selection | 'any' | 'consumer';

/** What `Vary` makes the answer depend on (RFC 9111 §4.1). */
export function selectionOf(headers: IncomingHttpHeaders, request: RequestFields): VaryVerdict {
  const names = (headers.vary ?? '')
    .toLowerCase()
    .split(',')
    .flatMap((name) => name.trim() || []);
  if (names.includes('*')) return 'any';
  const byGateway = names.filter(isRewrittenInRequests);
  if (byGateway.some((name) => !name.startsWith('x-consumer-'))) return 'any';
  if (byGateway.length > 0) return 'consumer';
  return names.map((name) => [name, request.valueOf(name)] as const);
}

export function isSelectedBy(selection: Selection, request: RequestFields): boolean {
  return selection.every(([name, value]) => request.valueOf(name) === value);
}
