import {
  ConflictError,
  type DecimalString,
  InvalidError,
  NotFoundError,
  type PlanDefinition,
  decimalPlaces,
  minorDigits,
  monthlyPeriodAt,
  parseDecimal,
  toMinorUnits,
} from '#domain';
import {
  type Actor,
  appendChange,
  appendToAuditLog,
  insertUncoveredUsage,
  listPricedPhases,
  lockMoney,
  lockSubscription,
  updateMoneyCap,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import { type SubscriptionOverview, findSubscriptionWithin } from './list-subscriptions.js';

export interface MoneyCapInput {
  readonly organizationId: string;
  readonly subscriptionId: string;
  /** Exact decimal in major units of the plan's currency; null removes the cap. */
  readonly amount: DecimalString | null;
  readonly actor: Actor;
}

/** What a plan obliges its subscriber to pay for usage in a period, in minor units. Plans have no commitments yet. */
export type CommitmentOf = (definition: PlanDefinition) => bigint;
const noCommitment: CommitmentOf = () => 0n;

/**
 * Sets, changes or removes the most that the usage of a period may cost. It holds at once, for the period that is under
 * way as well: what the ledger has of it counts. Calls that a gateway admitted before it learnt of the cap, within a
 * second, and that are not in the ledger yet do not.
 * @throws NotFoundError `subscription_not_found`; ConflictError `subscription_canceled`;
 *   InvalidError `money_cap_below_commitment`, `money_cap_invalid`
 */
export function setMoneyCap(
  context: ServiceContext,
  { organizationId, subscriptionId, amount, actor }: MoneyCapInput,
  commitmentOf: CommitmentOf = noCommitment,
): Promise<SubscriptionOverview> {
  return context.unitOfWork.inOrganization(organizationId, async (transaction) => {
    const subscription = await lockSubscription(transaction, subscriptionId);
    if (!subscription) throw new NotFoundError('subscription');
    if (subscription.state === 'canceled') {
      throw new ConflictError('subscription_canceled', 'The subscription is canceled: it has no more usage to cap.');
    }
    const at = context.clock.now();
    const phases = await listPricedPhases(transaction, subscriptionId);
    const { definition } = phases.findLast(({ startsAt }) => startsAt <= at) ?? phases[0]!;
    const capMinor = amount === null ? null : minorOf(amount, definition.currency);
    if (subscription.moneyCapMinor === capMinor) return findSubscriptionWithin(transaction, subscriptionId, at);
    if (capMinor !== null && capMinor < commitmentOf(definition)) {
      throw new InvalidError(
        'money_cap_below_commitment',
        'The cap is below what the plan commits the subscription to spend. Choose a higher one.',
      );
    }
    if (capMinor !== null && subscription.moneyCapMinor === null) {
      const { startMs } = monthlyPeriodAt(subscription.anchorAt.getTime(), at.getTime());
      const place = { subscriptionId, periodStart: new Date(startMs) };
      await lockMoney(transaction, place);
      await insertUncoveredUsage(transaction, place, () => context.ids.next(), at);
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
