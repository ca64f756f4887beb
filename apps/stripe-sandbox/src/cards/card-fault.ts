import { StripeFault, type StripeErrorBody } from '../http/stripe-fault.js';
import type { Decline } from './test-card.js';

/** 402: the card was refused. With `keepsChanges` what the attempt left behind, such as a failed charge, stays. */
export function cardDeclined(decline: Decline, more: Partial<StripeErrorBody> = {}, keepsChanges = false): StripeFault {
  return new StripeFault(402, { type: 'card_error', ...declineFields(decline), ...more }, keepsChanges);
}

/** A decline as the fields of Stripe's error objects. */
export function declineFields(decline: Decline): { code: string; decline_code?: string; message: string } {
  return {
    code: decline.code,
    ...(decline.declineCode !== undefined && { decline_code: decline.declineCode }),
    message: decline.message,
  };
}
