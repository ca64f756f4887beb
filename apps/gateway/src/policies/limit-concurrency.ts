import { type ConcurrencyDefinition, rateLimitDefaults } from '#domain';
import type { Exchange } from '../exchange.js';
import type { SubscriptionEntry } from '../snapshot/snapshot.js';
import { type ScopeDefinition, isOneSubject, scopePrefix, subjectOf } from './limit-scope.js';

/** A plan's limit of calls under way, for one subscription. */
export interface ConcurrencyTerms extends ScopeDefinition {
  /** Of all gateways together. */
  readonly limit: number;
  /** Begins the name of every counter of the subscription. */
  readonly prefix: string;
}

export function concurrencyTerms(
  { limit, scope = rateLimitDefaults.scope, header = '' }: ConcurrencyDefinition,
  subscription: SubscriptionEntry,
): ConcurrencyTerms {
  const definition = { scope, header: header.toLowerCase() };
  return { ...definition, limit, prefix: scopePrefix(definition, subscription) };
}

/** Counts calls under way in this gateway. Holds no more names than there are calls. */
export class ConcurrencyBook {
  private readonly underWay = new Map<string, number>();

  /**
   * Counts a call in; false, and nothing changes, when as many are under way as the limit lets this one of `gateways`
   * have: its share, rounded up. So all together admit at most `limit` + `gateways` − 1, and a lone one exactly `limit`.
   */
  tryEnter(exchange: Exchange, gateways: number): boolean {
    const terms = exchange.account!.terms!.concurrency;
    if (!terms) return true;
    const counter = isOneSubject(terms) ? terms.prefix : `${terms.prefix} ${subjectOf(terms, exchange)}`;
    const count = this.underWay.get(counter) ?? 0;
    if (count >= Math.ceil(terms.limit / gateways)) return false;
    this.underWay.set(counter, count + 1);
    exchange.concurrencyCounter = counter;
    return true;
  }

  /** Counts a call out that has ended in whatever way. Leaving twice, or without having entered, is harmless. */
  leave(exchange: Exchange): void {
    const counter = exchange.concurrencyCounter;
    if (counter === null) return;
    exchange.concurrencyCounter = null;
    const count = this.underWay.get(counter)!;
    if (count === 1) this.underWay.delete(counter);
    else this.underWay.set(counter, count - 1);
  }

  /** Calls under way that a limit counts. */
  get total(): number {
    return [...this.underWay.values()].reduce((sum, count) => sum + count, 0);
  }
}
