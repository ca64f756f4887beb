import { PaymentMismatchError, PaymentStateError, type TollgateError, isLastingRefusal } from '#domain';
import type { PaymentAlarms } from './payment-alarms.js';

/** Tries of a job, a minute or so: by then a refusal is no passing state of the provider. */
export const TRIES_OF_A_REFUSAL = 8;

/** How the provider is asked. */
export interface ProviderTry {
  readonly alarms?: PaymentAlarms | null;
  /** The number of the try, from 1. */
  readonly tries?: number;
}

/**
 * True for what only a person can mend: the provider has something else than what was rated, for which the first try is enough, or
 * still refuses with the `TRIES_OF_A_REFUSAL`th.
 */
export function needsAPerson(error: unknown, tries: number): error is TollgateError {
  if (error instanceof PaymentMismatchError || error instanceof PaymentStateError) return true;
  return tries >= TRIES_OF_A_REFUSAL && isLastingRefusal(error);
}
