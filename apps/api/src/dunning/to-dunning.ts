import { paymentAnswer } from '#domain';
import { type DunningOverview, RECONCILE_HOLD } from '#services';
import type { z } from 'zod';
import { toMoney } from '../contract/value.schema.js';
import type { dunningList, unpaidInvoices } from './dunning.schema.js';

/** What the payer sees. */
export function toUnpaidInvoice(found: DunningOverview): z.input<typeof unpaidInvoices>['invoices'][number] {
  const { invoiceId, number, state, dueMinor, currency, hostedUrl, failureMessage, failureCode, outlook, pause } =
    found;
  const isHeld = failureCode === RECONCILE_HOLD;
  return {
    invoiceId,
    number,
    state,
    paymentMethod: found.paymentMethod,
    due: toMoney(dueMinor, currency),
    // There it is paid for good, once a bank has taken the payment back; and what is held there is not as it should be.
    hostedUrl: found.chargedBackMinor === 0n && !isHeld ? hostedUrl : null,
    // Its payer is not told what the payment provider has differently.
    failureMessage: isHeld ? null : failureMessage,
    mustConfirm: paymentAnswer(failureCode) === 'action_required',
    nextRetryAt: outlook?.nextRetryAt ?? null,
    accessEndsAt: outlook?.accessEndsAt ?? null,
    isSuspended:
      found.case !== null && found.case.suspendedAt !== null && found.case.endedAt === null && pause === null,
  };
}

/** What finance sees. */
export function toDunning(found: DunningOverview): z.input<typeof dunningList>['dunning'][number] {
  return {
    ...toUnpaidInvoice(found),
    failureMessage: found.failureMessage,
    organization: found.organization,
    attempts: found.attempt,
    beganAt: found.case?.beganAt ?? null,
    nextStep: found.outlook?.nextStep ?? null,
    isDisputed: found.isDisputed,
    pausedUntil: found.pause?.until ?? null,
    pauseReason: found.pause?.reason ?? null,
  };
}

/** What is left to pay of all, by currency in the order of their codes. */
export function owedOf(found: readonly DunningOverview[]): z.input<typeof unpaidInvoices>['owed'] {
  const sums = new Map<string, bigint>();
  for (const { currency, dueMinor } of found) sums.set(currency, (sums.get(currency) ?? 0n) + dueMinor);
  return [...sums]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([currency, sum]) => toMoney(sum, currency));
}
