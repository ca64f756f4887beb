import type { Dunning, DunningDetail } from '../api/types.js';

/** What happens next to an unpaid invoice. */
export const nextStepWords: Readonly<Record<NonNullable<Dunning['nextStep']>['kind'], string>> = {
  warn: 'Warn by mail',
  retry: 'Charge again',
  suspend: 'Suspend',
  exhaust: 'Last step',
};

/** What has happened to it. */
export const dunningStepWords: Readonly<Record<DunningDetail['history'][number]['kind'], string>> = {
  began: 'Payment failed; dunning began',
  failed: 'Payment failed again',
  retried: 'Charged again by schedule',
  reminded: 'Reminded by mail',
  warned: 'Warned by mail',
  suspended: 'Subscriptions suspended',
  exhausted: 'Schedule ended',
  paid: 'Paid',
  withdrawn: 'Made void',
  disputed: 'Payment disputed',
  dispute_closed: 'Dispute closed',
};
