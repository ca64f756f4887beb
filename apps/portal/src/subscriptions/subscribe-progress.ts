/** What the button at the end of the subscription page does next. */
export type NextAction = 'subscribe' | 'add_card' | 'wait_for_card';

/**
 * What costs nothing, by the plan or by a code, needs no card, and a plan with a trial none before that has ended. A card that was just given may take a moment to be known here, since the payment provider
 * tells of it in a message of its own.
 */
export function nextAction(
  isFree: boolean,
  hasCard: boolean,
  cameFromCardPage: boolean,
  waitedTooLong: boolean,
  isTrial = false,
): NextAction {
  if (isFree || hasCard || isTrial) return 'subscribe';
  return cameFromCardPage && !waitedTooLong ? 'wait_for_card' : 'add_card';
}

export const actionLabels: Readonly<Record<NextAction, string>> = {
  subscribe: 'Subscribe',
  add_card: 'Add a card and subscribe',
  wait_for_card: 'Waiting for the card…',
};

/** Where the hosted card page sends people back to, so that nothing has to be chosen again. */
export function returnPathOf(planVersionId: string, applicationId: string, couponCode: string | null): string {
  const chosen = { plan: planVersionId, application: applicationId, card: 'added' };
  return `/dashboard/subscribe?${new URLSearchParams(couponCode === null ? chosen : { ...chosen, code: couponCode })}`;
}
