import {
  ConflictError,
  NotFoundError,
  type PaymentProvider,
  type Pepper,
  type Subscription,
  type TrialDefinition,
  type RedeemedCoupon,
  costsNothing,
  hasFeesAtStart,
} from '#domain';
import {
  type Actor,
  type OfferedPlanVersion,
  type PricedPhase,
  type Transaction,
  type TrialSubject,
  appendChange,
  appendToAuditLog,
  keepApplication,
  listAddressesOfProduct,
  findOfferedPlanVersion,
  findSuspension,
  hasActiveSubscription,
  insertBillingPeriodIfMissing,
  insertSubscription,
  insertSubscriptionPhase,
  lockOrganization,
  lookForPriceRise,
  readDunningStanding,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import { emitEvent } from '../webhook/emit-events.js';
import { type WrittenMail, sendMail } from '../mail/send-mail.js';
import { asRedeemed, redeemCoupon } from '../coupon/redeem-coupon.js';
import { hasWayToPay } from '../payment/payment-method.js';
import { requireTransferAccount } from '../payment/payment-terms.js';
import { recordAcceptance, requireAcceptance } from './accept-terms.js';
import { type SubscriptionNotice, noticeOf } from './subscription-notice.js';
import { closeOpening, insertOpening } from './opening-period.js';
import { endSubscriptionOf } from './end-subscriptions.js';
import { type SubscriptionOverview, findSubscriptionWithin } from './list-subscriptions.js';
import { currentPeriod } from './live-subscription.js';
import { mayHaveTrial, takeTrial, trialSubjects } from './trial-right.js';

const DAY_MS = 86_400_000;

export interface SubscribeInput {
  readonly organizationId: string;
  readonly applicationId: string;
  readonly planVersionId: string;
  /** Version of the product's terms that was read and accepted. */
  readonly acceptedTerms?: string | undefined;
  /** What takes something off what it costs. */
  readonly couponCode?: string | undefined;
  /** Asked for the organization's card when the plan costs money; null when no card is needed whatever the plan costs. */
  readonly paymentProvider: PaymentProvider | null;
  readonly actor: Actor;
  /** With which people and cards that have had a trial are known again; without them only organizations are. */
  readonly peppers?: readonly Pepper[];
  /** Tells the product's team of a subscription that waits for its approval; without it nobody is told. */
  readonly writeRequestMail?: (notice: SubscriptionNotice) => Omit<WrittenMail, 'to'>;
}

/**
 * Gives an application access to an API product, from now on: the subscription, its first phases and its first billing
 * period, which begins at this instant and ends a month later. A plan with a trial begins with that, once for each
 * organization, person and card and product, and needs no card before it ends. What is due in advance is invoiced at once. A plan that
 * requires approval begins when the publisher has approved it, and a mail tells the team that it waits. A code of a coupon is redeemed with it.
 * @throws NotFoundError `application_not_found`, `plan_version_not_found`, `coupon_code_not_found`
 * @throws ConflictError `already_subscribed`, `plan_version_retired`, `organization_suspended`, `application_suspended`, `invoices_unpaid`, `payment_method_required`, `seller_account_missing`, `terms_not_accepted`,
 *   `terms_changed`, and those of `redeemCoupon`
 */
export async function subscribe(context: ServiceContext, input: SubscribeInput): Promise<SubscriptionOverview> {
  const { organizationId, writeRequestMail } = input;
  const looked = await context.unitOfWork.inOrganization(organizationId, (transaction) =>
    checkOffer(context, transaction, input),
  );
  const subjects =
    looked.offered.definition.trial === undefined ? [] : await trialSubjects(context, { peppers: [], ...input });
  const mayTry = await context.unitOfWork.inOrganization(organizationId, (transaction) =>
    mayHaveTrial(transaction, organizationId, looked.offered, subjects),
  );
  const canPay = await hasMeansToPay(context, input, looked.offered, looked.coupons);
  if (!canPay && !mayTry) throw paymentMethodRequired(looked.offered);
  const { subscription, opens, overview } = await context.unitOfWork.inOrganization(
    organizationId,
    async (transaction) => {
      // The provider takes its time: the application may be gone by now, or the plan. Nobody deletes the organization from here on.
      await lockOrganization(transaction, organizationId);
      const { offered } = await checkOffer(context, transaction, input);
      const begun = await begin(context, transaction, input, { offered, canPay, subjects });
      const { id, createdAt } = begun.subscription;
      const made = await findSubscriptionWithin(transaction, id, createdAt);
      if (begun.subscription.state === 'pending_approval' && writeRequestMail)
        await tellTeam(context, transaction, begun.subscription, writeRequestMail(noticeOf(made)));
      return { ...begun, overview: made };
    },
  );
  if (opens) await closeOpening(context, subscription, input.actor);
  return overview;
}

async function tellTeam(
  context: ServiceContext,
  transaction: Transaction,
  { apiProductId }: Subscription,
  mail: Omit<WrittenMail, 'to'>,
): Promise<void> {
  for (const to of await listAddressesOfProduct(transaction, apiProductId))
    await sendMail(context, transaction, { to, ...mail });
}

/** The same without a card, as a part of a larger transaction. */
export async function subscribeWithin(
  context: ServiceContext,
  transaction: Transaction,
  input: Omit<SubscribeInput, 'paymentProvider'>,
): Promise<Subscription> {
  const { offered } = await checkOffer(context, transaction, input);
  const { subscription } = await begin(context, transaction, input, { offered, canPay: true, subjects: [] });
  return subscription;
}

/** A subscription that was made; `opens` when there is an opening to be invoiced. */
interface Begun {
  readonly subscription: Subscription;
  readonly opens: boolean;
}

async function begin(
  context: ServiceContext,
  transaction: Transaction,
  input: Omit<SubscribeInput, 'paymentProvider'>,
  {
    offered,
    canPay,
    subjects,
  }: {
    readonly offered: OfferedPlanVersion;
    readonly canPay: boolean;
    readonly subjects: readonly TrialSubject[];
  },
): Promise<Begun> {
  // Of applications that ask at the same time, one gets the trial.
  if (offered.definition.trial) await lockOrganization(transaction, input.organizationId);
  const mayTry = await mayHaveTrial(transaction, input.organizationId, offered, subjects);
  if (!mayTry && !canPay) throw paymentMethodRequired(offered);
  const subscription = newSubscription(context, input, offered);
  await endSubscriptionOf(context, transaction, subscription);
  if (!(await insertSubscription(transaction, subscription))) throw alreadySubscribed();
  const isTaken = mayTry && (await takeTrial(transaction, subscription, offered, subjects));
  const trial = isTaken ? offered.definition.trial : undefined;
  // Somebody with the same address or card was faster, elsewhere.
  if (!trial && !canPay) throw paymentMethodRequired(offered);
  const { couponCode } = input;
  const redeemed =
    couponCode === undefined
      ? null
      : await redeemCoupon(transaction, {
          code: couponCode,
          organizationId: input.organizationId,
          offered,
          at: subscription.createdAt,
          subscriptionId: subscription.id,
          countsFrom: null,
        });
  const terms = await requireAcceptance(transaction, { ...input, apiProductId: offered.apiProductId });
  if (terms)
    await recordAcceptance(transaction, subscription, {
      terms,
      actor: input.actor,
      acceptedAt: subscription.createdAt,
    });
  await beginPhases(context, transaction, subscription, { planVersionId: offered.id, trial, canPay });
  const first = { isTrial: trial !== undefined, definition: offered.definition };
  const opens = subscription.state === 'active' && (await beginPeriods(transaction, subscription, first));
  await appendToAuditLog(transaction, {
    id: context.ids.next(),
    organizationId: input.organizationId,
    actor: input.actor,
    action: 'subscribed',
    noun: 'subscription',
    nounId: subscription.id,
    details: {
      applicationId: input.applicationId,
      planVersionId: offered.id,
      ...(terms && { acceptedTerms: terms.version }),
      ...(redeemed && { coupon: redeemed.slug }),
    },
    createdAt: subscription.createdAt,
  });
  await emitEvent(context, transaction, {
    organizationId: input.organizationId,
    type: 'subscription.created',
    data: { subscriptionId: subscription.id, applicationId: input.applicationId, state: subscription.state },
  });
  if (trial || redeemed) await lookForPriceRise(transaction, subscription.id, subscription.createdAt);
  await appendChange(transaction, 'subscription', subscription.id, subscription.createdAt);
  return { subscription, opens };
}

async function checkOffer(
  context: ServiceContext,
  transaction: Transaction,
  input: Omit<SubscribeInput, 'paymentProvider'>,
): Promise<{ readonly offered: OfferedPlanVersion; readonly coupons: readonly RedeemedCoupon[] }> {
  const application = await keepApplication(transaction, input.applicationId);
  if (!application) throw new NotFoundError('application');
  const offered = await requireOffered(transaction, input);
  const suspended = await findSuspension(transaction, application.id);
  if (suspended) {
    const { noun, name } = suspended;
    throw new ConflictError(
      `${noun}_suspended`,
      `The ${noun} "${name}" is suspended: ask the operator of this portal to restore it first.`,
    );
  }
  const at = context.clock.now();
  if ((await readDunningStanding(transaction, application.organizationId, at)).isSuspended) {
    throw new ConflictError(
      'invoices_unpaid',
      'An invoice has not been paid for too long: pay it on the billing page, then subscribe.',
    );
  }
  const { apiProductId } = offered;
  const { organizationId, couponCode: code } = input;
  const coupons = code === undefined ? [] : [await asRedeemed(transaction, { code, organizationId, offered, at })];
  await requireTransferable(transaction, input.organizationId, offered, { coupons, at });
  await requireAcceptance(transaction, { ...input, apiProductId });
  if (await hasActiveSubscription(transaction, { applicationId: application.id, apiProductId, at }))
    throw alreadySubscribed();
  return { offered, coupons };
}

/**
 * A plan version that the organization may have: drafts, the terms of one subscription, and plans for others, are not found; whoever operates the
 * installation may give any plan to anybody.
 * @throws NotFoundError `plan_version_not_found`; ConflictError `plan_version_retired`
 */
export async function requireOffered(
  transaction: Transaction,
  {
    planVersionId,
    organizationId,
    actor,
  }: { readonly planVersionId: string; readonly organizationId: string; readonly actor?: Actor },
): Promise<OfferedPlanVersion> {
  const offered = await findOfferedPlanVersion(transaction, planVersionId, organizationId);
  if (!offered || offered.state === 'draft' || offered.state === 'custom') throw new NotFoundError('plan version');
  const { visibility, isInvited } = offered;
  const isForThem = visibility === 'public' || (visibility === 'invited' && isInvited);
  if (!isForThem && actor?.kind !== 'cli') throw new NotFoundError('plan version');
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
  payer: Pick<SubscribeInput, 'organizationId' | 'paymentProvider'>,
  offered: OfferedPlanVersion,
  coupons: readonly RedeemedCoupon[],
): Promise<void> {
  if (!(await hasMeansToPay(context, payer, offered, coupons))) throw paymentMethodRequired(offered);
}

/** True when a card is saved, or none is needed: nothing is charged, or it is paid by transfer. */
async function hasMeansToPay(
  context: ServiceContext,
  { organizationId, paymentProvider }: Pick<SubscribeInput, 'organizationId' | 'paymentProvider'>,
  offered: OfferedPlanVersion,
  coupons: readonly RedeemedCoupon[],
): Promise<boolean> {
  if (paymentProvider === null || costsNothing(offered, coupons, context.clock.now())) return true;
  return hasWayToPay(context, paymentProvider, organizationId);
}

/**
 * Whoever pays by transfer must be told where the money of a plan that costs something goes.
 * @throws ConflictError `seller_account_missing`
 */
export async function requireTransferable(
  transaction: Transaction,
  organizationId: string,
  offered: OfferedPlanVersion,
  { coupons, at }: { readonly coupons: readonly RedeemedCoupon[]; readonly at: Date },
): Promise<void> {
  const { apiProductId } = offered;
  if (!costsNothing(offered, coupons, at)) await requireTransferAccount(transaction, { organizationId, apiProductId });
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
    state: offered.definition.requiresApproval ? 'pending_approval' : 'active',
    paymentState: 'current',
    suspendedFor: [],
    moneyCapMinor: null,
    anchorAt: createdAt,
    createdAt,
    cancelAt: null,
    canceledAt: null,
  };
}

/** The trial, and the plan after it when that can be paid for; else the plan at once. */
async function beginPhases(
  context: ServiceContext,
  transaction: Transaction,
  { id: subscriptionId, organizationId, anchorAt }: Subscription,
  {
    planVersionId,
    trial,
    canPay,
  }: { readonly planVersionId: string; readonly trial: TrialDefinition | undefined; readonly canPay: boolean },
): Promise<void> {
  const begin = (startsAt: Date, endsAt: Date | null, isTrial: boolean) =>
    insertSubscriptionPhase(transaction, {
      id: context.ids.next(),
      organizationId,
      subscriptionId,
      planVersionId,
      startsAt,
      endsAt,
      isTrial,
    });
  if (trial === undefined) return begin(anchorAt, null, false);
  const trialEndsAt = new Date(anchorAt.getTime() + trial.days * DAY_MS);
  await begin(anchorAt, trialEndsAt, true);
  if (canPay) await begin(trialEndsAt, null, false);
}

/** Begins the first period, and before it the opening when something is due at the start of the first phase; true when it is. */
export async function beginPeriods(
  transaction: Transaction,
  subscription: Subscription,
  { isTrial, definition }: Pick<PricedPhase, 'isTrial' | 'definition'>,
): Promise<boolean> {
  const { id: subscriptionId, organizationId, anchorAt } = subscription;
  await insertBillingPeriodIfMissing(transaction, {
    subscriptionId,
    organizationId,
    ...currentPeriod(subscription, anchorAt),
  });
  const opens = !isTrial && hasFeesAtStart(definition);
  if (opens) await insertOpening(transaction, subscription);
  return opens;
}

function paymentMethodRequired({ plan }: OfferedPlanVersion): ConflictError {
  return new ConflictError(
    'payment_method_required',
    `The plan ${plan.title} costs money: save a card first, then choose it.`,
  );
}

function alreadySubscribed(): ConflictError {
  return new ConflictError(
    'already_subscribed',
    'The application has an active subscription to this product: one at a time is allowed.',
  );
}
