import {
  ConflictError,
  NotFoundError,
  type PaymentProvider,
  type Subscription,
  isFreeOfCharge,
  monthlyPeriodAt,
} from '#domain';
import {
  type Actor,
  type OfferedPlanVersion,
  type Transaction,
  appendChange,
  appendToAuditLog,
  findApplication,
  findOfferedPlanVersion,
  hasActiveSubscription,
  insertBillingPeriodIfMissing,
  insertSubscription,
  insertSubscriptionPhase,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import { paymentMethodOf } from '../payment/payment-method.js';
import { endSubscriptionOf } from './end-subscriptions.js';
import { type SubscriptionOverview, findSubscriptionWithin } from './list-subscriptions.js';

export interface SubscribeInput {
  readonly organizationId: string;
  readonly applicationId: string;
  readonly planVersionId: string;
  /** Asked for the organization's card when the plan costs money; null when no card is needed whatever the plan costs. */
  readonly paymentProvider: PaymentProvider | null;
  readonly actor: Actor;
}

/**
 * Gives an application access to an API product, from now on: the subscription, its first phase and its first billing
 * period, which begins at this instant and ends a month later.
 * @throws NotFoundError `application_not_found`, `plan_version_not_found`
 * @throws ConflictError `already_subscribed`, `plan_version_retired`, `application_suspended`, `payment_method_required`
 */
export async function subscribe(context: ServiceContext, input: SubscribeInput): Promise<SubscriptionOverview> {
  const { organizationId } = input;
  const offered = await context.unitOfWork.inOrganization(organizationId, (transaction) =>
    checkOffer(context, transaction, input),
  );
  await requirePaymentMethod(context, input, offered);
  return context.unitOfWork.inOrganization(organizationId, async (transaction) => {
    const subscription = await begin(context, transaction, input, offered);
    return findSubscriptionWithin(transaction, subscription.id, subscription.createdAt);
  });
}

/** The same without a card, as a part of a larger transaction. */
export async function subscribeWithin(
  context: ServiceContext,
  transaction: Transaction,
  input: Omit<SubscribeInput, 'paymentProvider'>,
): Promise<Subscription> {
  return begin(context, transaction, input, await checkOffer(context, transaction, input));
}

async function begin(
  context: ServiceContext,
  transaction: Transaction,
  input: Omit<SubscribeInput, 'paymentProvider'>,
  offered: OfferedPlanVersion,
): Promise<Subscription> {
  const subscription = newSubscription(context, input, offered);
  await endSubscriptionOf(context, transaction, subscription);
  if (!(await insertSubscription(transaction, subscription))) throw alreadySubscribed();
  await beginFirstPeriod(context, transaction, subscription, offered);
  await appendToAuditLog(transaction, {
    id: context.ids.next(),
    organizationId: input.organizationId,
    actor: input.actor,
    action: 'subscribed',
    noun: 'subscription',
    nounId: subscription.id,
    details: { applicationId: input.applicationId, planVersionId: offered.id },
    createdAt: subscription.createdAt,
  });
  await appendChange(transaction, 'subscription', subscription.id, subscription.createdAt);
  return subscription;
}

async function checkOffer(
  context: ServiceContext,
  transaction: Transaction,
  input: Omit<SubscribeInput, 'paymentProvider'>,
): Promise<OfferedPlanVersion> {
  const application = await findApplication(transaction, input.applicationId);
  if (!application) throw new NotFoundError('application');
  const offered = await requireOffered(transaction, input.planVersionId);
  if (application.suspendedAt) {
    throw new ConflictError('application_suspended', `The application "${application.name}" is suspended.`);
  }
  const at = context.clock.now();
  const { apiProductId } = offered;
  if (await hasActiveSubscription(transaction, { applicationId: application.id, apiProductId, at }))
    throw alreadySubscribed();
  return offered;
}

/** @throws NotFoundError `plan_version_not_found`; ConflictError `plan_version_retired` */
export async function requireOffered(transaction: Transaction, planVersionId: string): Promise<OfferedPlanVersion> {
  const offered = await findOfferedPlanVersion(transaction, planVersionId);
  if (!offered) throw new NotFoundError('plan version');
  if (offered.state === 'retired') {
    throw new ConflictError(
      'plan_version_retired',
      `This version of the plan ${offered.plan.title} is no longer offered: choose its current version.`,
    );
  }
  return offered;
}

/** @throws ConflictError `payment_method_required` */
export async function requirePaymentMethod(
  context: ServiceContext,
  { organizationId, paymentProvider }: Pick<SubscribeInput, 'organizationId' | 'paymentProvider'>,
  offered: OfferedPlanVersion,
): Promise<void> {
  if (isFreeOfCharge(offered.definition) || paymentProvider === null) return;
  if (await paymentMethodOf(context, paymentProvider, organizationId)) return;
  throw new ConflictError(
    'payment_method_required',
    `The plan ${offered.plan.title} costs money: save a card first, then choose it.`,
  );
}

function newSubscription(
  context: ServiceContext,
  input: Omit<SubscribeInput, 'paymentProvider'>,
  offered: OfferedPlanVersion,
): Subscription {
  const createdAt = context.clock.now();
  return {
    id: context.ids.next(),
    organizationId: input.organizationId,
    applicationId: input.applicationId,
    apiProductId: offered.apiProductId,
    state: 'active',
    paymentState: 'current',
    moneyCapMinor: null,
    anchorAt: createdAt,
    createdAt,
    cancelAt: null,
    canceledAt: null,
  };
}

async function beginFirstPeriod(
  context: ServiceContext,
  transaction: Transaction,
  { id: subscriptionId, organizationId, anchorAt }: Subscription,
  offered: OfferedPlanVersion,
): Promise<void> {
  await insertSubscriptionPhase(transaction, {
    id: context.ids.next(),
    organizationId,
    subscriptionId,
    planVersionId: offered.id,
    startsAt: anchorAt,
    endsAt: null,
  });
  const period = monthlyPeriodAt(anchorAt.getTime(), anchorAt.getTime());
  await insertBillingPeriodIfMissing(transaction, {
    subscriptionId,
    organizationId,
    startsAt: new Date(period.startMs),
    endsAt: new Date(period.endMs),
  });
}

function alreadySubscribed(): ConflictError {
  return new ConflictError(
    'already_subscribed',
    'The application has an active subscription to this product: one at a time is allowed.',
  );
}
