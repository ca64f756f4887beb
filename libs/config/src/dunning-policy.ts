import type { Settings } from './settings.js';

/** What the settings say follows when a payment fails, as the domain calls it. */
export function dunningPolicyOf(
  settings: Pick<
    Settings<'worker'>,
    | 'DUNNING_RETRY_DAYS'
    | 'DUNNING_GRACE_DAYS'
    | 'DUNNING_WARNING_DAYS'
    | 'DUNNING_REMINDER_DAYS'
    | 'DUNNING_FINAL_STEP'
  >,
) {
  return {
    retryDays: settings.DUNNING_RETRY_DAYS,
    graceDays: settings.DUNNING_GRACE_DAYS,
    warningDays: settings.DUNNING_WARNING_DAYS,
    reminderDays: settings.DUNNING_REMINDER_DAYS,
    finalStep: settings.DUNNING_FINAL_STEP,
  };
}
