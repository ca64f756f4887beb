/** What the button at the end of the subscription page does next. */
export type NextAction = 'subscribe' | 'apply_code' | 'add_card' | 'wait_for_card';

/**
 * What costs nothing, by the plan or by a code, needs no card, and a plan with a trial none before that has ended. A code that was typed is
 * looked at before a card is asked for, as it may take off all. A card that was just given may take a moment to be known here, since the
 * payment provider tells of it in a message of its own.
 */
export function nextAction({
  isFree,
  hasCard,
  cameFromCardPage,
  waitedTooLong,
  isTrial = false,
  hasNewCode = false,
}: {
  readonly isFree: boolean;
  readonly hasCard: boolean;
  readonly cameFromCardPage: boolean;
  readonly waitedTooLong: boolean;
  readonly isTrial?: boolean;
  /** A code was typed, and what it does was not shown. */
  readonly hasNewCode?: boolean;
}): NextAction {
  if (isFree || hasCard || isTrial) return 'subscribe';
  if (hasNewCode) return 'apply_code';
  return cameFromCardPage && !waitedTooLong ? 'wait_for_card' : 'add_card';
}

export const actionLabels: Readonly<Record<NextAction, string>> = {
  subscribe: 'Subscribe',
  apply_code: 'Apply the code',
  add_card: 'Add a card and subscribe',
  wait_for_card: 'Waiting for the card…',
};

/** Where the hosted card page sends people back to, so that nothing has to be chosen again. */
export function returnPathOf(planVersionId: string, applicationId: string, couponCode: string | null): string {
  const chosen = { plan: planVersionId, application: applicationId, card: 'added' };
  return `/dashboard/subscribe?${new URLSearchParams(couponCode === null ? chosen : { ...chosen, code: couponCode })}`;
}
