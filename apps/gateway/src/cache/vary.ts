import type { IncomingHttpHeaders } from 'node:http';
import type { Exchange } from '../exchange.js';
import { isRewrittenInRequests } from '../proxy/header-names.js';
import { isKeyField } from '../proxy/request-headers.js';
import { upstreamRequest } from '../proxy/upstream-request.js';

/** The fields of a request as the cache looks at them: all lines of one as one list (RFC 9110 §5.3), null for none. */
export interface RequestFields {
  /** As the client sent it; a key of ours, and what the upstream's credential takes the place of, is left out. */
  valueOf(lowerCaseName: string): string | null;
  /** As the upstream gets it, with what the gateway and the publisher make of it. */
  passedOf(lowerCaseName: string): string | null;
}

/** Those of an exchange: a key of ours is not among them, and so never kept. */
export class UpstreamFields implements RequestFields {
  private passed: readonly string[] | null = null;

  constructor(private readonly exchange: Exchange) {}

  valueOf(lowerCaseName: string): string | null {
    const { exchange } = this;
    if (lowerCaseName === exchange.upstream!.credentialHeader) return null;
    return listOf(exchange.head.rawHeaders, lowerCaseName, (value) => !isKeyField(lowerCaseName, value, exchange));
  }

  passedOf(lowerCaseName: string): string | null {
    const { exchange } = this;
    this.passed ??= upstreamRequest(exchange, exchange.upstream!, []).headers;
    return listOf(this.passed, lowerCaseName, () => true);
  }
}

function listOf(
  rawHeaders: readonly string[],
  lowerCaseName: string,
  isTaken: (value: string) => boolean,
): string | null {
  let list: string | null = null;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]!;
    if (name.length !== lowerCaseName.length || name.toLowerCase() !== lowerCaseName) continue;
    const value = rawHeaders[index + 1]!;
    if (isTaken(value)) list = list === null ? value : `${list}, ${value}`;
  }
  return list;
}

/** What a request must have to get an answer. */
export interface Selection {
  /** The fields that it depends on, each with the value that the upstream got with the request for it; null for none. */
  readonly passed: readonly (readonly [name: string, value: string | null])[];
  /** The credentials that it answers; null when it does not hang on them. */
  readonly authorization: string | null;
}

/** What `Vary` makes an answer depend on. */
export interface Varying extends Pick<Selection, 'passed'> {
  /** It depends on what the gateway says of the consumer. */
  readonly isForConsumer: boolean;
}

/** What `Vary` makes the answer depend on (RFC 9111 §4.1). `any`: no other request gets the answer. */
export function varyingOf(headers: IncomingHttpHeaders, request: RequestFields): Varying | 'any' {
  const names = (headers.vary ?? '')
    .toLowerCase()
    .split(',')
    .flatMap((name) => name.trim() || []);
  if (names.includes('*')) return 'any';
  const byGateway = names.filter(isRewrittenInRequests);
  if (byGateway.some((name) => !name.startsWith('x-consumer-'))) return 'any';
  const passed = names.map((name) => [name, request.passedOf(name)] as const);
  return { isForConsumer: byGateway.length > 0, passed };
}

export function isSelectedBy({ passed, authorization }: Selection, request: RequestFields): boolean {
  if (authorization !== null && request.valueOf('authorization') !== authorization) return false;
  return passed.every(([name, value]) => request.passedOf(name) === value);
}
