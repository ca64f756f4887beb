import { type TimeSpan, chargedMeters, monthlyPeriodAt } from '#domain';
import type { QuotaBook, QuotaHand, RateWindow } from '#limits';
import type { Billability } from '../metering/billability.js';
import type { PlanVersionEntry } from '../snapshot/catalog.js';
import type { SubscriptionEntry } from '../snapshot/snapshot.js';
import { type ConcurrencyTerms, concurrencyTerms } from './limit-concurrency.js';
import type { RateLimit } from './rate-limit.js';
import type { RateLimitBook } from './rate-limit-book.js';

/** After this long without a call a subscription's counters are of no use: no short window is longer. */
const forgetAfterMs = 86_400_000;

export interface HardQuota {
  readonly name: string;
  readonly meter: string;
  readonly limit: number;
  readonly hand: QuotaHand;
}

/** Units that a call needs before it is admitted: of a hard quota, or of a priced meter under a money cap. */
export interface Reservation {
  readonly kind: 'quota' | 'money_cap';
  readonly name: string;
  readonly meter: string;
  readonly limit: number;
  readonly hand: QuotaHand;
}

/**
 * What holds for the calls of a subscription in one phase and one period, and the counters for it. What every call needs of the
 * plan is here as well: with thousands of plans in use, each look into another object is a wait for the memory.
 */
export interface SubscriptionTerms {
  readonly subscription: SubscriptionEntry;
  readonly phaseId: string;
  readonly planVersion: PlanVersionEntry;
  readonly planVersionId: string;
  readonly planSlug: string;
  readonly operations: PlanVersionEntry['operations'];
  readonly billability: Billability;
  readonly featureField: PlanVersionEntry['featureField'];
  readonly periodStartMs: number;
  readonly periodEndMs: number;
  /** The terms hold from the first instant to before the second. */
  readonly fromMs: number;
  readonly untilMs: number;
  /** In the order of the plan's. */
  readonly rateLimits: readonly RateLimit[];
  /** Their windows, when all calls share them; null when they depend on the call. */
  readonly windows: readonly RateWindow[] | null;
  /** Null when any number of calls may be under way. */
  readonly concurrency: ConcurrencyTerms | null;
  /** One for each meter: the lowest limit. */
  readonly hardQuotas: readonly HardQuota[];
  /** The hard quotas, and the meters whose units cost money when the subscription has a cap. */
  readonly reservations: readonly Reservation[];
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

  constructor(
    private readonly quotas: QuotaBook,
    private readonly money: QuotaBook,
    private readonly rateLimits: RateLimitBook,
  ) {}

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
    const terms = this.makeTerms(subscription, planVersions, nowMs);
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
  ): SubscriptionTerms | null {
    const phase = subscription.phases.findLast(({ startsAtMs }) => startsAtMs <= nowMs);
    const known = phase && planVersions.get(phase.planVersionId);
    if (!known) return null;
    // What is suspended is refused for that reason, also when its trial has ended.
    const hasEnded = phase.endsAtMs !== null && phase.endsAtMs <= nowMs;
    if (hasEnded && subscription.suspendedFor.length === 0) return null;
    const planVersion = (phase.isTrial ? known.trial : null) ?? known;
    const period = monthlyPeriodAt(subscription.anchorMs, nowMs);
    const { definition } = planVersion;
    const rateLimits = definition.rateLimits.map((rateLimit) =>
      this.rateLimits.limit(rateLimit, definition.withoutStore, subscription),
    );
    const windows = rateLimits.flatMap(({ window }) => window ?? []);
    const hardQuotas = this.hardQuotas(subscription, planVersion, period.startMs, period.endMs);
    return {
      subscription,
      phaseId: phase.id,
      planVersion,
      planVersionId: planVersion.id,
      planSlug: planVersion.planSlug,
      operations: planVersion.operations,
      billability: planVersion.billability,
      featureField: planVersion.featureField,
      periodStartMs: period.startMs,
      periodEndMs: period.endMs,
      fromMs: Math.max(phase.startsAtMs, period.startMs),
      untilMs: Math.min(hasEnded ? Infinity : (phase.endsAtMs ?? Infinity), period.endMs),
      rateLimits,
      windows: windows.length === rateLimits.length ? windows : null,
      concurrency: definition.concurrency ? concurrencyTerms(definition.concurrency, subscription) : null,
      hardQuotas,
      reservations: [
        ...hardQuotas.map((quota): Reservation => ({ kind: 'quota', ...quota })),
        ...this.moneyCap(subscription, phase.id, planVersion, period),
      ],
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

  /** Of the subscription, or of a plan that stops with its prepaid credits. Where several meters share the cap, each call asks for just what it may cost. */
  private moneyCap(
    { id, organizationId, hasMoneyCap }: SubscriptionEntry,
    phaseId: string,
    { definition }: PlanVersionEntry,
    period: TimeSpan,
  ): Reservation[] {
    if (!hasMoneyCap && definition.whenCreditsRunOut !== 'stop') return [];
    const meters = chargedMeters(definition);
    return meters.map((meter) => {
      const key = { organizationId, subscriptionId: id, meter, periodStartMs: period.startMs, phaseId };
      const options = { grain: 1, isExact: meters.length > 1 };
      const hand = this.money.hand(key, Number.MAX_SAFE_INTEGER, period.endMs, options);
      return { kind: 'money_cap', name: 'money cap', meter, limit: Number.MAX_SAFE_INTEGER, hand };
    });
  }
}

function isWithin({ fromMs, untilMs }: SubscriptionTerms, nowMs: number): boolean {
  return nowMs >= fromMs && nowMs < untilMs;
}

function policyHeader({ definition }: PlanVersionEntry, periodMs: number): string {
  const policies = [
    ...definition.rateLimits.map(
      ({ name, limit, windowSeconds, burst }) =>
        `"${name}";q=${limit};w=${windowSeconds}${burst === undefined ? '' : `;burst=${burst}`}`,
    ),
    ...definition.quotas.map(({ name, limit }) => `"${name}";q=${limit};w=${Math.round(periodMs / 1000)}`),
  ];
  return policies.join(', ');
}
