import type { Balancing } from '#domain';

/** What a balancer knows of a place: how many requests are under way there. */
export interface Load {
  readonly underWay: number;
}

interface Weighed<Target> {
  readonly target: Target;
  readonly weight: number;
  /** How far it is behind its share: the furthest is next. */
  lag: number;
}

/** Chooses among the targets of an upstream, each in the share of its weight. */
export class Balancer<Target> {
  private readonly targets: readonly Weighed<Target>[];

  constructor(
    targets: readonly { readonly target: Target; readonly weight: number }[],
    private readonly balancing: Balancing,
  ) {
    this.targets = targets.map(({ target, weight }) => ({ target, weight, lag: 0 }));
  }

  get all(): readonly Target[] {
    return this.targets.map(({ target }) => target);
  }

  /** One of those for which `isFree`; null when there is none. */
  next(isFree: (target: Target) => boolean, loadOf: (target: Target) => Load): Target | null {
    const free = this.targets.filter(({ target }) => isFree(target));
    return this.inTurn(this.balancing === 'least-requests' ? leastLoaded(free, loadOf) : free);
  }

  /** Smooth weighted round robin, as nginx has it: a heavy target's turns lie between those of the others. */
  private inTurn(candidates: readonly Weighed<Target>[]): Target | null {
    let best: Weighed<Target> | null = null;
    let total = 0;
    for (const candidate of candidates) {
      candidate.lag += candidate.weight;
      total += candidate.weight;
      if (best === null || candidate.lag > best.lag) best = candidate;
    }
    if (best === null) return null;
    best.lag -= total;
    return best.target;
  }
}

/** Those with the fewest requests under way for their weight, were they to get one more. */
function leastLoaded<Target>(
  candidates: readonly Weighed<Target>[],
  loadOf: (target: Target) => Load,
): readonly Weighed<Target>[] {
  const costs = candidates.map(({ target, weight }) => (loadOf(target).underWay + 1) / weight);
  const least = Math.min(...costs);
  return candidates.filter((_, index) => costs[index] === least);
}
