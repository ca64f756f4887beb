import { ConflictError, type KeyRestrictions, type Mode, NotFoundError, type Pepper } from '#domain';
import {
  type Actor,
  type Transaction,
  findActiveSubscription,
  findApiProduct,
  findApplicationIdNamed,
  findOrganizationIdNamed,
  findPlan,
  findPublishedPlanVersion,
} from '#persistence';
import { createApplication } from '../consumer/create-application.js';
import { createOrganization } from '../consumer/create-organization.js';
import type { ServiceContext } from '../context.js';
import { subscribe } from '../subscription/subscribe.js';
import { issueCredential } from './issue-credential.js';

export interface ProvisionKeyInput {
  /** Slug or name. */
  readonly organizationName: string;
  /** Where a new organization's invoices go; null leaves them uncollected until an address is known. */
  readonly billingEmail: string | null;
  readonly applicationName: string;
  /** Null for a key without a subscription: a test key needs none. */
  readonly plan: { readonly productSlug: string; readonly planSlug: string } | null;
  readonly mode: Mode;
  readonly keyName: string;
  /** Default: never. */
  readonly expiresAt?: Date | null;
  readonly restrictions?: Partial<KeyRestrictions>;
  readonly peppers: readonly Pepper[];
  readonly actor: Actor;
}

export interface ProvisionedKey {
  readonly key: string;
  readonly keyId: string;
  readonly credentialId: string;
  readonly organizationId: string;
  readonly applicationId: string;
  readonly subscriptionId: string | null;
}

/**
 * A working key in one step, for whoever runs the installation: organization, application and subscription are made when
 * they are missing, and no card is asked for. What is there already is used; interrupted, it can be run again.
 * @throws NotFoundError `api_product_not_found`, `plan_not_found`
 * @throws ConflictError `already_subscribed` when the application is on another plan of the product
 */
export async function provisionKey(context: ServiceContext, input: ProvisionKeyInput): Promise<ProvisionedKey> {
  const { actor } = input;
  const offer = input.plan ? await offerNamed(context, input.plan) : null;
  const organizationId = await organizationFor(context, input);
  const applicationId = await applicationFor(context, organizationId, input);
  const subscriptionId = offer ? await subscriptionFor(context, { organizationId, applicationId, offer, actor }) : null;
  const { key, credential } = await issueCredential(context, {
    organizationId,
    applicationId,
    name: input.keyName,
    mode: input.mode,
    expiresAt: input.expiresAt ?? null,
    restrictions: input.restrictions ?? {},
    peppers: input.peppers,
    actor,
  });
  return { key, keyId: credential.keyId, credentialId: credential.id, organizationId, applicationId, subscriptionId };
}

export interface Offer {
  readonly apiProductId: string;
  readonly planSlug: string;
  readonly planVersionId: string;
}

/**
 * The published version of a plan by its names.
 * @throws NotFoundError `api_product_not_found`, `plan_not_found`
 */
export function offerNamed(context: ServiceContext, plan: NonNullable<ProvisionKeyInput['plan']>): Promise<Offer> {
  return context.unitOfWork.inSystem((transaction) => findOfferWithin(transaction, plan));
}

/**
 * The published version of a plan by its names.
 * @throws NotFoundError `api_product_not_found`, `plan_not_found`
 */
export async function findOfferWithin(
  transaction: Transaction,
  { productSlug, planSlug }: NonNullable<ProvisionKeyInput['plan']>,
): Promise<Offer> {
  const product = await findApiProduct(transaction, productSlug);
  if (!product) throw new NotFoundError('API product', `There is no API product "${productSlug}".`);
  const plan = await findPlan(transaction, product.id, planSlug);
  const version = plan && (await findPublishedPlanVersion(transaction, plan.id));
  if (!version) throw new NotFoundError('plan', `The product "${productSlug}" offers no plan "${planSlug}".`);
  return { apiProductId: product.id, planSlug, planVersionId: version.id };
}

async function organizationFor(
  context: ServiceContext,
  { organizationName: name, billingEmail, actor }: ProvisionKeyInput,
): Promise<string> {
  const known = await context.unitOfWork.inSystem((transaction) => findOrganizationIdNamed(transaction, name));
  return known ?? (await createOrganization(context, { name, ownerUserId: null, billingEmail, actor })).id;
}

async function applicationFor(
  context: ServiceContext,
  organizationId: string,
  { applicationName: name, actor }: ProvisionKeyInput,
): Promise<string> {
  const known = await context.unitOfWork.inOrganization(organizationId, (transaction) =>
    findApplicationIdNamed(transaction, organizationId, name),
  );
  return known ?? (await createApplication(context, { organizationId, name, actor })).id;
}

async function subscriptionFor(
  context: ServiceContext,
  input: {
    readonly organizationId: string;
    readonly applicationId: string;
    readonly offer: Offer;
    readonly actor: Actor;
  },
): Promise<string> {
  const { organizationId, applicationId, offer, actor } = input;
  const active = await context.unitOfWork.inOrganization(organizationId, (transaction) =>
    findActiveSubscription(transaction, applicationId, offer.apiProductId, context.clock.now()),
  );
  if (active && active.planSlug !== offer.planSlug) {
    throw new ConflictError(
      'already_subscribed',
      `The application is subscribed to the plan "${active.planSlug}" of this product. Use that plan, or another --application.`,
    );
  }
  if (active) return active.subscriptionId;
  const { planVersionId } = offer;
  return (await subscribe(context, { organizationId, applicationId, planVersionId, paymentProvider: null, actor })).id;
}
