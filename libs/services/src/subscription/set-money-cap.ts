import {
  ConflictError,
  type DecimalString,
  InvalidError,
  NotFoundError,
  committedMinor,
  decimalPlaces,
  formatMoney,
  minorDigits,
  parseDecimal,
  toMinorUnits,
} from '#domain';
import {
  type Actor,
  appendChange,
  appendToAuditLog,
  insertMoneyCapOpening,
  listPricedPhases,
  lockSubscription,
  readLastChangeNumber,
  updateMoneyCap,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import { type SubscriptionOverview, findSubscriptionWithin } from './list-subscriptions.js';

export interface MoneyCapInput {
  readonly organizationId: string;
  readonly subscriptionId: string;
  /** Exact decimal in major units of the plan's currency; null removes the cap. */
  readonly amount: DecimalString | null;
  /** Looks at the cap that is there, in minor units, locked; throws to refuse the change. */
  readonly check?: (currentMinor: bigint | null) => void;
  readonly actor: Actor;
}

/**
 * Sets, changes or removes the most that the usage of a period may cost. It holds at once, for the period that is under
 * way as well. Nothing is lent under a cap that is new until every gateway knows of it and the ledger has what they let pass
 * before, some seconds later; calls are told to come again meanwhile.
 * @throws NotFoundError `subscription_not_found`; ConflictError `subscription_canceled`;
 *   InvalidError `money_cap_below_commitment`, `money_cap_invalid`, and what `check` throws
 */
export function setMoneyCap(
  context: ServiceContext,
  { organizationId, subscriptionId, amount, check, actor }: MoneyCapInput,
): Promise<SubscriptionOverview> {
  return context.unitOfWork.inOrganization(organizationId, async (transaction) => {
    const subscription = await lockSubscription(transaction, subscriptionId);
    if (!subscription) throw new NotFoundError('subscription');
    if (subscription.state === 'canceled') {
      throw new ConflictError('subscription_canceled', 'The subscription is canceled: it has no more usage to cap.');
    }
    check?.(subscription.moneyCapMinor);
    const at = context.clock.now();
    const phases = await listPricedPhases(transaction, subscriptionId);
    const { definition } = phases.findLast(({ startsAt }) => startsAt <= at) ?? phases[0]!;
    const capMinor = amount === null ? null : minorOf(amount, definition.currency);
    if (subscription.moneyCapMinor === capMinor) return findSubscriptionWithin(transaction, subscriptionId, at);
    const committed = committedMinor(definition);
    if (capMinor !== null && capMinor < committed) {
      throw new InvalidError(
        'money_cap_below_commitment',
        `The plan commits the subscription to ${formatMoney(committed, definition.currency)} of usage a month. Choose no lower cap.`,
      );
    }
    await updateMoneyCap(transaction, subscriptionId, capMinor);
    await appendToAuditLog(transaction, {
      id: context.ids.next(),
      organizationId,
      actor,
      action: capMinor === null ? 'uncapped' : 'capped',
      noun: 'subscription',
      nounId: subscriptionId,
      details: {
        from: textOf(subscription.moneyCapMinor),
        to: textOf(capMinor),
        currency: definition.currency,
      },
      createdAt: at,
    });
    await appendChange(transaction, 'subscription', subscriptionId, at);
    if (capMinor !== null && subscription.moneyCapMinor === null) {
      const changeNumber = await readLastChangeNumber(transaction);
      await insertMoneyCapOpening(transaction, { subscriptionId, organizationId, changeNumber }, at);
    }
    return findSubscriptionWithin(transaction, subscriptionId, at);
  });
}

function minorOf(amount: DecimalString, currency: string): bigint {
  const exact = parseDecimal(amount, 'amount');
  const digits = minorDigits(currency);
  if (decimalPlaces(exact) > digits || exact.gte('1e12')) {
    throw new InvalidError(
      'money_cap_invalid',
      `amount: expected at most 12 digits before the point and ${digits} after it.`,
    );
  }
  return toMinorUnits(exact, currency);
}

function textOf(amountMinor: bigint | null): string | null {
  return amountMinor === null ? null : amountMinor.toString();
}
