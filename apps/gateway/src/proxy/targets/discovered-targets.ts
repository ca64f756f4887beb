import { type FoundTarget, nameOf } from '../../discovery/found-target.js';
import { type BalancedTarget, Balancer, type Load, type TargetChooser } from './balancer.js';
import type { Balancing } from '#domain';

/** What is known of the targets of a source at the moment. */
export interface KnownTargets {
  readonly targets: readonly FoundTarget[];
  /** Another number for other targets. */
  readonly revision: number;
}

/** Chooses among the targets that a source tells of: those of a later priority have calls only when none of the earlier ones is free. */
export class DiscoveredTargets<Target> implements TargetChooser<Target> {
  private revision = -1;
  private tiers: readonly Balancer<Target>[] = [];
  private byName = new Map<string, Target>();

  constructor(
    readonly known: KnownTargets,
    private readonly balancing: Balancing,
    private readonly targetAt: (found: FoundTarget) => Target,
  ) {}

  get all(): readonly Target[] {
    return this.current().flatMap(({ all }) => all);
  }

  next(isFree: (target: Target) => boolean, loadOf: (target: Target) => Load, hash: number | null): Target | null {
    for (const tier of this.current()) {
      const target = tier.next(isFree, loadOf, hash);
      if (target !== null) return target;
    }
    return null;
  }

  private current(): readonly Balancer<Target>[] {
    const { known } = this;
    if (this.revision !== known.revision) this.take(known);
    return this.tiers;
  }

  /** Targets that stay are the same as before. */
  private take({ targets, revision }: KnownTargets): void {
    const before = this.byName;
    this.byName = new Map(targets.map((found) => [nameOf(found), before.get(nameOf(found)) ?? this.targetAt(found)]));
    const balanced = targets.map((found): BalancedTarget<Target> & { priority: number } => ({
      name: nameOf(found),
      target: this.byName.get(nameOf(found))!,
      weight: found.weight,
      priority: found.priority,
    }));
    const byPriority = [...Map.groupBy(balanced, ({ priority }) => priority)].toSorted(([one], [other]) => one - other);
    this.tiers = byPriority.map(([, tier]) => new Balancer(tier, this.balancing));
    this.revision = revision;
  }
}
