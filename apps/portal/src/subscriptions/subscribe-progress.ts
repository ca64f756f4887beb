/** What the button at the end of the subscription page does next. */
export type NextAction = 'subscribe' | 'apply_code' | 'add_card' | 'wait_for_card' | 'ask_for_card';

/**
 * What costs nothing, by the plan or by a code, needs no card, and a plan with a trial none before that has ended. A code that was typed is
 * looked at before a card is asked for, as it may take off all. A card that was just given may take a moment to be known here, since the
 * payment provider tells of it in a message of its own. Who may not save cards asks somebody who may.
 */
export function nextAction({
  isFree,
  hasCard,
  cameFromCardPage,
  waitedTooLong,
  isTrial = false,
  hasNewCode = false,
  maySaveCard = true,
}: {
  readonly isFree: boolean;
  readonly hasCard: boolean;
  readonly cameFromCardPage: boolean;
  readonly waitedTooLong: boolean;
  readonly isTrial?: boolean;
  /** A code was typed, and what it does was not shown. */
  readonly hasNewCode?: boolean;
  /** Their role manages what is paid. */
  readonly maySaveCard?: boolean;
}): NextAction {
  if (isFree || hasCard || isTrial) return 'subscribe';
  if (hasNewCode) return 'apply_code';
  if (!maySaveCard) return 'ask_for_card';
  return cameFromCardPage && !waitedTooLong ? 'wait_for_card' : 'add_card';
}

export const actionLabels: Readonly<Record<NextAction, string>> = {
  subscribe: 'Subscribe',
  apply_code: 'Apply the code',
  add_card: 'Add a card and subscribe',
  ask_for_card: 'Subscribe',
  wait_for_card: 'Waiting for the card…',
};

/**
 * Where the hosted card page sends people back to, so that nothing has to be chosen again. An application that is still to be made
 * has no id: null.
 */
export function returnPathOf(planVersionId: string, applicationId: string | null, couponCode: string | null): string {
  const application: Readonly<Record<string, string>> = applicationId === null ? {} : { application: applicationId };
  const chosen = { plan: planVersionId, ...application, card: 'added' };
  return `/dashboard/subscribe?${new URLSearchParams(couponCode === null ? chosen : { ...chosen, code: couponCode })}`;
}

/** Why the button does nothing yet, in words; null when nothing is missing. */
export function missingWords(step: { readonly isNameless: boolean; readonly isUnaccepted: boolean }): string | null {
  if (step.isNameless && step.isUnaccepted) return 'Name the application and accept the terms first.';
  if (step.isNameless) return 'Name the application first.';
  return step.isUnaccepted ? 'Accept the terms first.' : null;
}
