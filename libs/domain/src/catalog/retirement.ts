const DAY_MS = 86_400_000;

/** How many days before a version is switched off those whom it concerns are told. */
export const RETIREMENT_NOTICES = [7, 1] as const;

/** What is due of a version that is to be switched off by itself: that, or a notice so many days before; null for nothing yet. */
export type RetirementStep = 'retire' | (typeof RETIREMENT_NOTICES)[number] | null;

/**
 * What is due at `now` of a version that is switched off at the beginning of the UTC day `retireOn`, when those whom it concerns were
 * told last `noticedDays` before it, or not yet. Notices that were missed are not made up for: only the latest is due.
 */
export function retirementStep(
  { retireOn, noticedDays }: { readonly retireOn: string; readonly noticedDays: number | null },
  now: Date,
): RetirementStep {
  const leftMs = Date.parse(`${retireOn}T00:00:00Z`) - now.getTime();
  if (leftMs <= 0) return 'retire';
  const due = RETIREMENT_NOTICES.findLast((days) => leftMs <= days * DAY_MS);
  return due !== undefined && (noticedDays === null || noticedDays > due) ? due : null;
}
