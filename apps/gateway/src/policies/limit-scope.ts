import { hash } from 'node:crypto';
import { type LimitScope, readAddress } from '#domain';
import type { Exchange } from '../exchange.js';
import { clientAddress } from '../peer/client-address.js';
import type { SubscriptionEntry } from '../snapshot/snapshot.js';

/** Who shares a counter: known when the terms are made, or only with the request. */
export interface ScopeDefinition {
  readonly scope: LimitScope;
  /** Of `header` scope, in lower case; else empty. */
  readonly header: string;
}

/** The part of a counter's name that is the same for all calls of a subscription. */
export function scopePrefix({ scope }: ScopeDefinition, subscription: SubscriptionEntry): string {
  const { id, organizationId, applicationId, apiProductId } = subscription;
  switch (scope) {
    case 'organization':
      return `o:${organizationId}:${apiProductId}`;
    case 'application':
      return `a:${applicationId}:${apiProductId}`;
    case 'subscription':
    case 'key':
    case 'ip':
    case 'header':
      return `s:${id}`;
  }
}

/** True when all calls of a subscription share the counter. */
export function isOneSubject({ scope }: ScopeDefinition): boolean {
  return scope === 'subscription' || scope === 'organization' || scope === 'application';
}

/** What tells the callers of one subscription apart: at most 36 characters, whatever they send. */
export function subjectOf({ scope, header }: ScopeDefinition, exchange: Exchange): string {
  switch (scope) {
    case 'key':
      return exchange.account!.credential.id;
    case 'ip':
      return networkOf(clientAddress(exchange));
    case 'header':
      return hash('sha256', fieldOf(exchange.head.rawHeaders, header), 'base64url').slice(0, 22);
    case 'subscription':
    case 'organization':
    case 'application':
      return '';
  }
}

const words = new Uint32Array(4);

/** An IPv4 address, or the /64 network of an IPv6 address: one subscriber has all of its addresses. */
function networkOf(address: string): string {
  switch (readAddress(address, words)) {
    case 4:
      return words[3]!.toString(16);
    case 6:
      return `${words[0]!.toString(16)}:${words[1]!.toString(16)}`;
    case null:
      return '';
  }
}

/** The values of a field, in the order of their coming; empty when there is none. */
function fieldOf(rawHeaders: readonly string[], lowerCaseName: string): string {
  let value = '';
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]!;
    if (name.length !== lowerCaseName.length || name.toLowerCase() !== lowerCaseName) continue;
    value += `${value && ', '}${rawHeaders[index + 1]!}`;
  }
  return value;
}
