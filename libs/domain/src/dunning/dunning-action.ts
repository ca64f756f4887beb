import { isCardCharged } from '../invoice/amount-due.js';
import type { Invoice } from '../invoice/invoice.js';
import type { DunningCase } from './dunning-case.js';
import type { DunningPolicy } from './dunning-policy.js';
import { nextDunningStep } from './next-dunning-step.js';
import { paymentAnswer } from './payment-answer.js';

/**
 * What is to be done about an invoice now. `begin`: its first failure is known, or it is due again after it was paid, as what paid
 * it was taken back: then from the start. `tell`: another attempt has failed. `retry` charges the card again; `remind` asks for the
 * money instead: of who pays by transfer, the rest of an invoice too, or must confirm the payment, as another attempt would only be
 * declined. `end`: it is settled.
 */
export type DunningAction = 'begin' | 'tell' | 'warn' | 'retry' | 'remind' | 'suspend' | 'exhaust' | 'end';

/**
 * The one action that is due when the clock of dunning shows `runningMs`; null for none. Nothing but the end of a case happens
 * while no answer of the provider is there, a payment is disputed, or we hold the invoice; where no card is charged there is none to wait for.
 */
export function dunningAction(
  found: DunningCase | null,
  invoice: Pick<Invoice, 'state' | 'attempt' | 'failureCode' | 'paymentMethod' | 'paidMinor' | 'chargedBackMinor'> & {
    /** A bank has not decided about a payment of it. */
    readonly isDisputed: boolean;
  },
  policy: DunningPolicy,
  runningMs: number,
): DunningAction | null {
  if (invoice.state === 'paid' || invoice.state === 'void') return found?.endedAt === null ? 'end' : null;
  const isCharged = isCardCharged(invoice);
  const answer = paymentAnswer(invoice.failureCode);
  const isWaiting = answer === 'none' && (isCharged || invoice.failureCode !== null);
  if (invoice.state !== 'past_due' || isWaiting || invoice.isDisputed) return null;
  if (!found || found.endedAt !== null) return 'begin';
  if (invoice.attempt > found.toldAttempt && isCharged) return 'tell';
  const next = nextDunningStep(found, policy);
  if (!next || runningMs < found.startMs + next.afterMs) return null;
  return next.kind === 'retry' && (!isCharged || answer === 'action_required') ? 'remind' : next.kind;
}
