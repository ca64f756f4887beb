import { ConflictError, NotFoundError, type PaymentState } from '#domain';
import { type Actor, appendChange, appendToAuditLog, lockSubscription, updatePaymentState } from '#persistence';
import type { ServiceContext } from '../context.js';

export interface PaymentStateInput {
  readonly subscriptionId: string;
  readonly paymentState: PaymentState;
  /** For the audit log. */
  readonly reason: string | null;
  readonly actor: Actor;
}

/**
 * Says whether something is owed for a subscription: `past_due` is for the record and refuses nothing. False when the
 * subscription was in that state already.
 * @throws NotFoundError `subscription_not_found`; ConflictError `subscription_canceled`
 */
export function setPaymentState(
  context: ServiceContext,
  { subscriptionId, paymentState, reason, actor }: PaymentStateInput,
): Promise<boolean> {
  return context.unitOfWork.inSystem(async (transaction) => {
    const subscription = await lockSubscription(transaction, subscriptionId);
    if (!subscription) throw new NotFoundError('subscription');
    if (subscription.state === 'canceled') {
      throw new ConflictError('subscription_canceled', 'The subscription is canceled: its calls are refused anyway.');
    }
    if (subscription.paymentState === paymentState) return false;
    const at = context.clock.now();
    await updatePaymentState(transaction, subscriptionId, paymentState);
    await appendToAuditLog(transaction, {
      id: context.ids.next(),
      organizationId: subscription.organizationId,
      actor,
      action: actions[paymentState],
      noun: 'subscription',
      nounId: subscriptionId,
      details: { from: subscription.paymentState, ...(reason === null ? {} : { reason }) },
      createdAt: at,
    });
    await appendChange(transaction, 'subscription', subscriptionId, at);
    return true;
  });
}

const actions: Readonly<Record<PaymentState, string>> = {
  current: 'marked current',
  past_due: 'marked past due',
};
