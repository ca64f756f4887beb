/**
 * What the calls of a subscription are refused for. `operator`: whoever runs the portal decided so; `publisher`: the team
 * of the product did; `payment`: something is
 * owed for too long; `trial_ended`: its trial has ended, and no card was saved.
 */
export type SuspensionReason = (typeof SUSPENSION_REASONS)[number];

/** Every reason; where several hold, people are told the first. */
export const SUSPENSION_REASONS = ['operator', 'publisher', 'payment', 'trial_ended'] as const;

/** The reason that people are told of those that hold; null when none does, and calls pass. */
export function shownSuspension(reasons: readonly SuspensionReason[]): SuspensionReason | null {
  return SUSPENSION_REASONS.find((reason) => reasons.includes(reason)) ?? null;
}

/** The reasons with one that holds or does not hold from now on, each once and in their order; the others stay. */
export function changeSuspension(
  reasons: readonly SuspensionReason[],
  changed: SuspensionReason,
  holds: boolean,
): SuspensionReason[] {
  return SUSPENSION_REASONS.filter((reason) => (reason === changed ? holds : reasons.includes(reason)));
}
