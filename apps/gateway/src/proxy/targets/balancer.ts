import type { Balancing } from '#domain';
import { hashOf, rendezvousScore } from '../hash/rendezvous.js';

/** What a balancer knows of a place: how many requests are under way there. */
export interface Load {
  readonly underWay: number;
}

/** A target as a balancer is given it. */
export interface BalancedTarget<Target> {
  readonly target: Target;
  readonly weight: number;
  /** Of it alone among all, and the same in every gateway: by this calls are hashed. */
  readonly name: string;
}

/** Chooses among the targets of an upstream. */
export interface TargetChooser<Target> {
  /** All of them as they are now. */
  readonly all: readonly Target[];
  /** One of those for which `isFree`, by the hash of the call where it has one; null when there is none. */
  next(isFree: (target: Target) => boolean, loadOf: (target: Target) => Load, hash: number | null): Target | null;
}

interface Weighed<Target> {
  readonly target: Target;
  readonly weight: number;
  readonly seed: number;
  /** How far it is behind its share: the furthest is next. */
  lag: number;
}

/** Chooses among targets that stay as they are, each in the share of its weight. */
export class Balancer<Target> implements TargetChooser<Target> {
  readonly all: readonly Target[];
  private readonly targets: readonly Weighed<Target>[];

  constructor(
    targets: readonly BalancedTarget<Target>[],
    private readonly balancing: Balancing,
  ) {
    this.targets = targets.map(({ target, weight, name }) => ({ target, weight, seed: hashOf(name), lag: 0 }));
    this.all = targets.map(({ target }) => target);
  }

  next(isFree: (target: Target) => boolean, loadOf: (target: Target) => Load, hash: number | null): Target | null {
    const free = this.targets.filter(({ target }) => isFree(target));
    switch (this.balancing) {
      case 'round-robin':
        return inTurn(free);
      case 'least-requests':
        return inTurn(leastLoaded(free, loadOf));
      case 'consistent-hash':
        return hash === null ? inTurn(free) : first(free, hash);
    }
  }
}

/** Smooth weighted round robin, as nginx has it: a heavy target's turns lie between those of the others. */
function inTurn<Target>(candidates: readonly Weighed<Target>[]): Target | null {
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

/** Those with the fewest requests under way for their weight, were they to get one more. */
function leastLoaded<Target>(
  candidates: readonly Weighed<Target>[],
  loadOf: (target: Target) => Load,
): readonly Weighed<Target>[] {
  const costs = candidates.map(({ target, weight }) => (loadOf(target).underWay + 1) / weight);
  const least = Math.min(...costs);
  return candidates.filter((_, index) => costs[index] === least);
}

/** The first in the rank of a call: only the calls of a target that is not free go to others, each to the next in its own rank. */
function first<Target>(candidates: readonly Weighed<Target>[], hash: number): Target | null {
  let best: Weighed<Target> | null = null;
  let bestScore = -1;
  for (const candidate of candidates) {
    const score = rendezvousScore(hash, candidate.seed, candidate.weight);
    if (score <= bestScore) continue;
    best = candidate;
    bestScore = score;
  }
  return best === null ? null : best.target;
}
