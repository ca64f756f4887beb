import { hashOf, rendezvousScore } from '../hash/rendezvous.js';

export interface Share<Subset> {
  readonly name: string;
  readonly subset: Subset;
  /** Its part of the sum of all. */
  readonly weight: number;
}

interface Candidate<Subset> extends Share<Subset> {
  readonly seed: number;
}

/**
 * Shares applications out among subsets, each for good, by weighted rendezvous hashing. So an application leaves a subset only for one whose
 * weight has grown beside it, and nobody comes or goes between two whose weights have not moved against each other.
 */
export class StickySplit<Subset> {
  private readonly candidates: readonly Candidate<Subset>[];

  /** `name` makes one split independent of others: who is early in one is not early in all. */
  constructor(name: string, shares: readonly Share<Subset>[]) {
    this.candidates = shares
      .filter(({ weight }) => weight > 0)
      .map((share) => ({ ...share, seed: hashOf(`${name}\n${share.name}`) }));
  }

  /** The subset of an application; null of a split without any. */
  of(applicationId: string): Subset | null {
    const { candidates } = this;
    if (candidates.length === 0) return null;
    let best = candidates[0]!;
    if (candidates.length === 1) return best.subset;
    const hash = hashOf(applicationId);
    let bestScore = -1;
    for (const candidate of candidates) {
      const score = rendezvousScore(hash, candidate.seed, candidate.weight);
      if (score > bestScore) {
        best = candidate;
        bestScore = score;
      }
    }
    return best.subset;
  }
}
