export interface BlockSizeInput {
  /** Units that are neither used nor lent. */
  readonly unleased: number;
  /** Gateways that share them, this one included. */
  readonly gateways: number;
  readonly atLeast: number;
  readonly atMost: number;
}

/**
 * The units to lend: clamp(unleased / 2N, 1, most that are of use), so that no gateway takes all that is left while
 * others need some, and blocks shrink to single units as the quota runs out. Whole, at least `atLeast`; null when less
 * is left than that.
 */
export function blockSize({ unleased, gateways, atLeast, atMost }: BlockSizeInput): number | null {
  if (unleased < atLeast) return null;
  const share = Math.floor(unleased / (2 * Math.max(gateways, 1)));
  return Math.min(unleased, Math.max(atLeast, Math.min(share, atMost)));
}
