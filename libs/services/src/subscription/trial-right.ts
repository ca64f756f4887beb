import { createHmac } from 'node:crypto';
import { ConflictError, NotFoundError, type Pepper, type PaymentProvider, mailIdentity } from '#domain';
import {
  type Actor,
  type OfferedPlanVersion,
  type Transaction,
  type TrialSubject,
  appendToAuditLog,
  claimTrial,
  findApiProduct,
  findOrganization,
  findUserProfile,
  hasHadTrial,
  hasTrialGrant,
  insertTrialGrant,
  isTrialClaimed,
  useTrialGrant,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import { paymentMethodOf } from '../payment/payment-method.js';

/** Who asks for a trial, besides the organization. */
export interface TrialAsker {
  readonly organizationId: string;
  readonly actor: Actor;
  /** For the hashes of people and cards; without them only organizations are told apart. */
  readonly peppers: readonly Pepper[];
  /** Asked for the saved card; null when there is none to ask. */
  readonly paymentProvider: PaymentProvider | null;
}

/**
 * The person who asks, by their mailbox, and the card that is saved, if one is: each gets one trial of a product, in whatever
 * organization. Whoever operates the installation asks for nobody.
 */
export async function trialSubjects(
  context: ServiceContext,
  { organizationId, actor, peppers, paymentProvider }: TrialAsker,
): Promise<TrialSubject[]> {
  if (actor.kind !== 'user' || actor.id === null || peppers.length === 0) return [];
  const userId = actor.id;
  const person = await context.unitOfWork.inSystem((transaction) => findUserProfile(transaction, userId));
  const card = paymentProvider && (await paymentMethodOf(context, paymentProvider, organizationId));
  const subjects: TrialSubject[] = [];
  if (person) subjects.push({ kind: 'person', hashes: hashesOf(peppers, mailIdentity(person.email)) });
  if (card?.fingerprint) subjects.push({ kind: 'card', hashes: hashesOf(peppers, card.fingerprint) });
  return subjects;
}

function hashesOf(peppers: readonly Pepper[], subject: string): Buffer[] {
  return peppers.map(({ secret }) => createHmac('sha256', secret).update(`trial\0${subject}`).digest());
}

/** True when the plan has a trial that neither the organization nor any of the subjects has had, or that staff has given again. */
export async function mayHaveTrial(
  transaction: Transaction,
  organizationId: string,
  { definition, apiProductId }: OfferedPlanVersion,
  subjects: readonly TrialSubject[],
): Promise<boolean> {
  if (definition.trial === undefined) return false;
  if (await hasTrialGrant(transaction, organizationId, apiProductId)) return true;
  if (await hasHadTrial(transaction, organizationId, apiProductId)) return false;
  return !(await isTrialClaimed(transaction, apiProductId, subjects));
}

/** Takes the trial for a subscription that is made, as `mayHaveTrial` says; false when somebody else was faster. */
export async function takeTrial(
  transaction: Transaction,
  subscription: { readonly id: string; readonly organizationId: string; readonly createdAt: Date },
  { apiProductId }: Pick<OfferedPlanVersion, 'apiProductId'>,
  subjects: readonly TrialSubject[],
): Promise<boolean> {
  const { id: subscriptionId, organizationId, createdAt: at } = subscription;
  if (await useTrialGrant(transaction, organizationId, { apiProductId, subscriptionId })) return true;
  return claimTrial(transaction, { apiProductId, subscriptionId, at }, subjects);
}

/**
 * Gives an organization a further trial of a product, for the next subscription to a plan that has one.
 * @throws NotFoundError `organization_not_found`, `product_not_found`; ConflictError `trial_given`
 */
export function grantTrial(
  context: ServiceContext,
  input: { readonly organizationId: string; readonly product: string; readonly reason: string; readonly actor: Actor },
): Promise<void> {
  const { organizationId, product, reason, actor } = input;
  return context.unitOfWork.inSystem(async (transaction) => {
    if (!(await findOrganization(transaction, organizationId))) throw new NotFoundError('organization');
    const apiProductId = (await findApiProduct(transaction, product))?.id;
    if (apiProductId === undefined) throw new NotFoundError('product');
    const createdAt = context.clock.now();
    const grant = { id: context.ids.next(), organizationId, apiProductId, reason, actor, createdAt };
    if (!(await insertTrialGrant(transaction, grant))) {
      throw new ConflictError(
        'trial_given',
        'The organization was given a trial of this product, and has not used it.',
      );
    }
    await appendToAuditLog(transaction, {
      id: context.ids.next(),
      organizationId,
      actor,
      action: 'granted',
      noun: 'trial',
      nounId: grant.id,
      details: { product, reason },
      createdAt,
    });
  });
}
