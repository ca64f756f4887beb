import {
  ConflictError,
  type PaymentProvider,
  type Subscription,
  changeSuspension,
  costsNothing,
  phaseAt,
} from '#domain';
import {
  type Actor,
  type EndingTrial,
  type OfferedPlanVersion,
  type Transaction,
  findOfferedPlanVersion,
  insertSubscriptionPhase,
  listEndingTrials,
  listPricedPhases,
  lockSubscription,
  markCanceled,
  markTrialChecked,
  updateSuspension,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import { redeemedBy } from '../coupon/redeem-coupon.js';
import { hasWayToPay } from '../payment/payment-method.js';
import { recordChange } from './live-subscription.js';
import { recordSuspension } from './suspend-subscription.js';

/** So long before a trial ends it is looked whether there is a card, so that a paying customer is never refused. */
const AHEAD_MS = 3_600_000;
/** How often the payment provider is asked of the same trial. */
const RECHECK_MS = 600_000;
const BATCH = 100;
const system: Actor = { kind: 'system', id: null };

/** What became of trials: how many go on, and how many were canceled or suspended for want of a card. */
export interface EndedTrials {
  readonly continued: number;
  readonly ended: number;
}

/**
 * Lets trials that end within the hour, or have ended, go on to their plan where that costs nothing or a card is saved. Of those that
 * have ended without a card the subscription is canceled or suspended, as the plan says. While the provider does not answer,
 * nothing is decided.
 * @throws PaymentProviderError after having tried all; the rest is for the next call.
 */
export async function settleEndingTrials(context: ServiceContext, provider: PaymentProvider): Promise<EndedTrials> {
  const nowMs = context.clock.nowMs();
  const window = {
    at: new Date(nowMs),
    endsBy: new Date(nowMs + AHEAD_MS),
    checkedBefore: new Date(nowMs - RECHECK_MS),
  };
  const trials = await context.unitOfWork.inSystem((transaction) => listEndingTrials(transaction, window, BATCH));
  const failures: unknown[] = [];
  const outcome = { continued: 0, ended: 0 };
  for (const trial of trials) {
    try {
      const settled = await settleTrial(context, provider, trial);
      if (settled) outcome[settled] += 1;
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
  return outcome;
}

async function settleTrial(
  context: ServiceContext,
  provider: PaymentProvider,
  trial: EndingTrial,
): Promise<keyof EndedTrials | null> {
  const { subscriptionId, organizationId } = trial;
  const { offered, isFree } = await context.unitOfWork.inSystem(async (transaction) => {
    await markTrialChecked(transaction, subscriptionId, context.clock.now());
    return planAfter(context, transaction, trial);
  });
  const canPay = isFree || (await hasWayToPay(context, provider, organizationId));
  return context.unitOfWork.inSystem(async (transaction) => {
    const subscription = await lockSubscription(transaction, subscriptionId);
    const at = context.clock.now();
    const phases = await listPricedPhases(transaction, subscriptionId);
    const last = phaseAt(phases, new Date(trial.endsAt.getTime() + 1));
    const isStill = subscription!.state === 'active' && subscription!.cancelAt === null && last.isTrial;
    if (!isStill || last.endsAt!.getTime() !== trial.endsAt.getTime()) return null;
    if (canPay) {
      await beginPlan(context, transaction, subscription!, { trial, at, actor: system });
      return 'continued';
    }
    if (trial.endsAt > at) return null;
    await endWithoutCard(context, transaction, subscription!, { trial, offered });
    return 'ended';
  });
}

/**
 * Lets a subscription go on that was suspended when its trial ended: its plan begins now. Any other stays as it is.
 * @throws ConflictError `payment_method_required`
 */
export async function resumeAfterTrial(
  context: ServiceContext,
  input: {
    readonly organizationId: string;
    readonly subscriptionId: string;
    readonly paymentProvider: PaymentProvider | null;
    readonly actor: Actor;
  },
): Promise<void> {
  const { organizationId, subscriptionId, paymentProvider, actor } = input;
  const suspended = await context.unitOfWork.inOrganization(organizationId, async (transaction) => {
    const trial = await findSuspendedTrial(context, transaction, subscriptionId);
    return trial && planAfter(context, transaction, { ...trial, subscriptionId });
  });
  if (!suspended) return;
  const needsCard = paymentProvider !== null && !suspended.isFree;
  if (needsCard && !(await hasWayToPay(context, paymentProvider, organizationId))) {
    throw new ConflictError('payment_method_required', 'The trial has ended: save a card first, then go on.');
  }
  await context.unitOfWork.inOrganization(organizationId, async (transaction) => {
    const trial = await findSuspendedTrial(context, transaction, subscriptionId);
    if (!trial) return;
    await updateSuspension(
      transaction,
      subscriptionId,
      changeSuspension(trial.subscription.suspendedFor, 'trial_ended', false),
    );
    await beginPlan(context, transaction, trial.subscription, { trial, at: context.clock.now(), actor });
  });
}

/** The plan after a trial, and whether that can ever cost the subscription anything. */
async function planAfter(
  context: ServiceContext,
  transaction: Transaction,
  { subscriptionId, planVersionId }: Pick<EndingTrial, 'subscriptionId' | 'planVersionId'>,
): Promise<{ readonly offered: OfferedPlanVersion; readonly isFree: boolean }> {
  const offered = (await findOfferedPlanVersion(transaction, planVersionId))!;
  const coupons = await redeemedBy(transaction, subscriptionId);
  return { offered, isFree: costsNothing(offered, coupons, context.clock.now()) };
}

async function findSuspendedTrial(
  context: ServiceContext,
  transaction: Transaction,
  subscriptionId: string,
): Promise<(Pick<EndingTrial, 'planVersionId' | 'endsAt'> & { subscription: Subscription }) | null> {
  const subscription = await lockSubscription(transaction, subscriptionId);
  if (subscription?.state !== 'active' || !subscription.suspendedFor.includes('trial_ended')) return null;
  const at = context.clock.now();
  const { isTrial, endsAt, planVersionId } = phaseAt(await listPricedPhases(transaction, subscriptionId), at);
  return isTrial && endsAt! <= at ? { subscription, planVersionId, endsAt: endsAt! } : null;
}

async function beginPlan(
  context: ServiceContext,
  transaction: Transaction,
  subscription: Subscription,
  {
    trial,
    at,
    actor,
  }: {
    readonly trial: Pick<EndingTrial, 'planVersionId' | 'endsAt'>;
    readonly at: Date;
    readonly actor: Actor;
  },
): Promise<void> {
  const startsAt = trial.endsAt > at ? trial.endsAt : at;
  await insertSubscriptionPhase(transaction, {
    id: context.ids.next(),
    organizationId: subscription.organizationId,
    subscriptionId: subscription.id,
    planVersionId: trial.planVersionId,
    startsAt,
    endsAt: null,
    isTrial: false,
  });
  const details = { planVersionId: trial.planVersionId, startsAt: startsAt.toISOString() };
  await recordChange(context, transaction, subscription, {
    actor,
    action: 'went on after the trial of',
    details,
    event: { type: 'subscription.changed', change: 'trial_went_on' },
  });
}

async function endWithoutCard(
  context: ServiceContext,
  transaction: Transaction,
  subscription: Subscription,
  { trial: { endsAt }, offered }: { readonly trial: EndingTrial; readonly offered: OfferedPlanVersion },
): Promise<void> {
  const note = 'The trial ended, and no card is saved.';
  if (offered.definition.trial?.withoutCard === 'suspend') {
    const suspension = { reason: 'trial_ended', isSuspended: true, note, actor: system } as const;
    await recordSuspension(context, transaction, subscription, suspension);
    return;
  }
  await markCanceled(transaction, subscription.id, endsAt);
  await recordChange(context, transaction, subscription, {
    actor: system,
    action: 'canceled',
    details: { reason: note, trialEndedAt: endsAt.toISOString() },
    event: { type: 'subscription.canceled' },
  });
}
