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
 * Shares applications out among subsets, each for good: weighted rendezvous hashing. An application draws a number for
 * each subset, always the same, and the weights say which of them wins. So it leaves a subset only for one whose weight
 * has grown beside it, and nobody comes or goes between two whose weights have not moved against each other.
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
      const score = candidate.weight / -Math.log((mix(hash ^ candidate.seed) + 0.5) / 2 ** 32);
      if (score > bestScore) {
        best = candidate;
        bestScore = score;
      }
    }
    return best.subset;
  }
}

/** FNV-1a over the characters, mixed. Ids are ours, so nobody can choose theirs. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return mix(hash);
}

/** The end of MurmurHash3: each bit of the input moves half of the output's. Not negative. */
function mix(bits: number): number {
  let hash = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
