import { ConflictError, NotFoundError, type ProductTerms, type Subscription } from '#domain';
import { type Actor, type Transaction, findTerms, hasAcceptedTerms, insertTermsAcceptance } from '#persistence';
import type { ServiceContext } from '../context.js';
import { type SubscriptionOverview, findSubscriptionWithin } from './list-subscriptions.js';
import { lockLiveSubscription, recordChange } from './live-subscription.js';

export interface AcceptTermsInput {
  readonly organizationId: string;
  readonly subscriptionId: string;
  /** The version that was read. */
  readonly version: string;
  readonly actor: Actor;
}

/**
 * Writes down that the terms in force of a subscription's product were accepted; once more changes nothing.
 * @throws NotFoundError `subscription_not_found`, `terms_not_found`; ConflictError `subscription_canceled`, `terms_changed`
 */
export function acceptTerms(
  context: ServiceContext,
  { organizationId, subscriptionId, version, actor }: AcceptTermsInput,
): Promise<SubscriptionOverview> {
  return context.unitOfWork.inOrganization(organizationId, async (transaction) => {
    const { subscription, at } = await lockLiveSubscription(context, transaction, subscriptionId);
    const terms = await findTerms(transaction, subscription.apiProductId);
    if (!terms) throw new NotFoundError('terms', 'This product has no terms to accept.');
    refuseOtherVersion(terms, version);
    if (await recordAcceptance(transaction, subscription, { terms, actor, acceptedAt: at }))
      await recordChange(context, transaction, subscription, {
        actor,
        action: 'accepted terms of',
        details: { version: terms.version },
      });
    return findSubscriptionWithin(transaction, subscriptionId, at);
  });
}

export interface TermsQuestion {
  readonly apiProductId: string;
  /** The version that was accepted with the request; absent when none was. */
  readonly acceptedTerms?: string | undefined;
  readonly actor?: Actor | undefined;
  /** What is changed, and may have accepted them earlier. */
  readonly subscriptionId?: string;
}

/**
 * The terms that the request accepts; null when there are none, or they were accepted earlier. Whoever operates the installation
 * may leave that to the customer.
 * @throws ConflictError `terms_not_accepted`, `terms_changed`
 */
export async function requireAcceptance(
  transaction: Transaction,
  { apiProductId, acceptedTerms, actor, subscriptionId }: TermsQuestion,
): Promise<ProductTerms | null> {
  const terms = await findTerms(transaction, apiProductId);
  if (!terms) return null;
  if (acceptedTerms !== undefined) {
    refuseOtherVersion(terms, acceptedTerms);
    return terms;
  }
  const isLeft =
    actor?.kind === 'cli' ||
    (subscriptionId !== undefined &&
      (await hasAcceptedTerms(transaction, { subscriptionId, productTermsId: terms.id })));
  if (isLeft) return null;
  throw new ConflictError(
    'terms_not_accepted',
    `The terms of this product must be accepted: read version ${terms.version} and send it as acceptedTerms.`,
  );
}

/** Writes down that a subscription's terms were accepted; false when they were before. */
export function recordAcceptance(
  transaction: Transaction,
  { id: subscriptionId, organizationId }: Pick<Subscription, 'id' | 'organizationId'>,
  { terms, actor, acceptedAt }: { readonly terms: ProductTerms; readonly actor: Actor; readonly acceptedAt: Date },
): Promise<boolean> {
  return insertTermsAcceptance(transaction, {
    subscriptionId,
    organizationId,
    productTermsId: terms.id,
    actor,
    acceptedAt,
  });
}

function refuseOtherVersion(terms: ProductTerms, version: string): void {
  if (terms.version === version) return;
  throw new ConflictError(
    'terms_changed',
    `The terms in force are version ${terms.version}, not ${version}: read and accept these.`,
  );
}
