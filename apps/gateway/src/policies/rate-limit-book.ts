import { type RateLimitDefinition, type WithoutStore, rateLimitDefaults } from '#domain';
import type { RateRule, RateWindows } from '#limits';
import type { SubscriptionEntry } from '../snapshot/snapshot.js';
import { scopePrefix } from './limit-scope.js';
import { RateLimit } from './rate-limit.js';

/**
 * The short windows of all subscriptions that were used lately, by whom and what they count: those who share one, and the
 * same one in a later phase or period, get the same. Kept as long as anybody else keeps it.
 */
export class RateLimitBook {
  private readonly limits = new Map<string, WeakRef<RateLimit>>();

  constructor(private readonly windows: RateWindows) {}

  /** The short window of a plan for a subscription; empty at first. */
  limit(
    definition: RateLimitDefinition,
    withoutStore: WithoutStore = rateLimitDefaults.withoutStore,
    subscription: SubscriptionEntry,
  ): RateLimit {
    const { name, limit, windowSeconds, burst = limit } = definition;
    const { algorithm = rateLimitDefaults.algorithm, policy = rateLimitDefaults.policy } = definition;
    const scope = {
      scope: definition.scope ?? rateLimitDefaults.scope,
      header: definition.header?.toLowerCase() ?? '',
    };
    const rule: RateRule = { algorithm, limit, windowMs: windowSeconds * 1000, burst };
    const prefix = `{${scopePrefix(scope, subscription)}}`;
    const kind = `${scope.scope} ${scope.header} ${algorithm} ${limit} ${windowSeconds} ${burst} ${name}`;
    const key = `${prefix} ${policy} ${withoutStore} ${kind}`;
    const known = this.limits.get(key)?.deref();
    if (known) return known;
    const made = new RateLimit(name, scope, (subject) =>
      this.windows.make(`${prefix} ${subject} ${kind}`, rule, policy, withoutStore),
    );
    this.limits.set(key, new WeakRef(made));
    return made;
  }

  /** Forgets what nobody keeps, and the callers of whom nothing is counted any more. */
  sweep(nowMs: number): void {
    for (const [key, reference] of this.limits) {
      const limit = reference.deref();
      if (limit) limit.sweep(nowMs);
      else this.limits.delete(key);
    }
  }
}
