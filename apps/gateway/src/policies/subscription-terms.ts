import { monthlyPeriodAt } from '#domain';
import { type QuotaBook, type QuotaHand, SlidingWindowLimiter } from '#limits';
import type { PlanVersionEntry } from '../snapshot/catalog.js';
import type { SubscriptionEntry } from '../snapshot/snapshot.js';

/** After this long without a call a subscription's counters are of no use: no short window is longer. */
const forgetAfterMs = 86_400_000;

export interface NamedLimiter {
  readonly name: string;
  readonly limiter: SlidingWindowLimiter;
}

export interface HardQuota {
  readonly name: string;
  readonly meter: string;
  readonly limit: number;
  readonly hand: QuotaHand;
}

/** What holds for the calls of a subscription in one phase and one period, and the counters for it. */
export interface SubscriptionTerms {
  readonly subscription: SubscriptionEntry;
  readonly phaseId: string;
  readonly planVersion: PlanVersionEntry;
  readonly periodStartMs: number;
  readonly periodEndMs: number;
  /** The terms hold from the first instant to before the second. */
  readonly fromMs: number;
  readonly untilMs: number;
  readonly limiters: readonly NamedLimiter[];
  /** One for each meter: the lowest limit. */
  readonly hardQuotas: readonly HardQuota[];
  /** The header `RateLimit-Policy`; empty when the plan has no limits. */
  readonly policyHeader: string;
}

interface Entry {
  terms: SubscriptionTerms;
  usedMs: number;
}

/** The terms of every subscription that was used lately. */
export class TermsBook {
  private readonly entries = new Map<string, Entry>();

  constructor(private readonly quotas: QuotaBook) {}

  /** The terms of a subscription at an instant; null when no phase holds then. */
  at(
    subscription: SubscriptionEntry,
    planVersions: ReadonlyMap<string, PlanVersionEntry>,
    nowMs: number,
  ): SubscriptionTerms | null {
    const entry = this.entries.get(subscription.id);
    if (entry && entry.terms.subscription === subscription && isWithin(entry.terms, nowMs)) {
      entry.usedMs = nowMs;
      return entry.terms;
    }
    const terms = this.makeTerms(subscription, planVersions, nowMs, entry?.terms ?? null);
    if (terms) this.entries.set(subscription.id, { terms, usedMs: nowMs });
    return terms;
  }

  /** Forgets what was not used for a day. */
  sweep(nowMs: number): void {
    for (const [id, { usedMs }] of this.entries) if (nowMs - usedMs > forgetAfterMs) this.entries.delete(id);
  }

  private makeTerms(
    subscription: SubscriptionEntry,
    planVersions: ReadonlyMap<string, PlanVersionEntry>,
    nowMs: number,
    previous: SubscriptionTerms | null,
  ): SubscriptionTerms | null {
    const phase = subscription.phases.findLast(({ startsAtMs }) => startsAtMs <= nowMs);
    const planVersion = phase && planVersions.get(phase.planVersionId);
    if (!planVersion || (phase.endsAtMs !== null && phase.endsAtMs <= nowMs)) return null;
    const period = monthlyPeriodAt(subscription.anchorMs, nowMs);
    return {
      subscription,
      phaseId: phase.id,
      planVersion,
      periodStartMs: period.startMs,
      periodEndMs: period.endMs,
      fromMs: Math.max(phase.startsAtMs, period.startMs),
      untilMs: Math.min(phase.endsAtMs ?? Infinity, period.endMs),
      limiters: planVersion.definition.rateLimits.map(({ name, limit, windowSeconds }) => ({
        name,
        limiter: keptLimiter(previous, name, limit, windowSeconds * 1000),
      })),
      hardQuotas: this.hardQuotas(subscription, planVersion, period.startMs, period.endMs),
      policyHeader: policyHeader(planVersion, period.endMs - period.startMs),
    };
  }

  private hardQuotas(
    { id, organizationId }: SubscriptionEntry,
    { definition }: PlanVersionEntry,
    periodStartMs: number,
    periodEndMs: number,
  ): HardQuota[] {
    const hard = definition.quotas
      .filter(({ enforcement }) => enforcement === 'hard')
      .toSorted((left, right) => left.limit - right.limit);
    const lowest = hard.filter(({ meter }, index) => hard.findIndex((quota) => quota.meter === meter) === index);
    return lowest.map(({ name, meter, limit }) => {
      const key = { organizationId, subscriptionId: id, meter, periodStartMs };
      return { name, meter, limit, hand: this.quotas.hand(key, limit, periodEndMs) };
    });
  }
}

function isWithin({ fromMs, untilMs }: SubscriptionTerms, nowMs: number): boolean {
  return nowMs >= fromMs && nowMs < untilMs;
}

/** A new phase or period does not empty a window that is the same as before. */
function keptLimiter(
  previous: SubscriptionTerms | null,
  name: string,
  limit: number,
  windowMs: number,
): SlidingWindowLimiter {
  const kept = previous?.limiters.find((other) => other.name === name)?.limiter;
  return kept && kept.limit === limit && kept.windowMs === windowMs ? kept : new SlidingWindowLimiter(limit, windowMs);
}

function policyHeader({ definition }: PlanVersionEntry, periodMs: number): string {
  const policies = [
    ...definition.rateLimits.map(({ name, limit, windowSeconds }) => `"${name}";q=${limit};w=${windowSeconds}`),
    ...definition.quotas.map(({ name, limit }) => `"${name}";q=${limit};w=${Math.round(periodMs / 1000)}`),
  ];
  return policies.join(', ');
}
