/** When credits are bought without being asked for. Amounts in minor units of one currency. */
export interface TopUpRule {
  /** Below this balance credits are bought. */
  readonly thresholdMinor: bigint;
  /** What one top-up grants; more than 0. */
  readonly amountMinor: bigint;
}

/**
 * How many top-ups are to be bought at once: the fewest that lift what is left to the threshold, and no more than the month's
 * limit still allows (`room`); 0 when there is enough, or no room.
 */
export function topUpsDue({ thresholdMinor, amountMinor }: TopUpRule, leftMinor: bigint, room: bigint): bigint {
  const missingMinor = thresholdMinor - leftMinor;
  if (missingMinor <= 0n || room <= 0n) return 0n;
  const wanted = (missingMinor + amountMinor - 1n) / amountMinor;
  return wanted < room ? wanted : room;
}
