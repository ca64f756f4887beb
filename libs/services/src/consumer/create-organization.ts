import { type Organization, slugOf } from '#domain';
import { type Actor, type Transaction, appendToAuditLog, insertMembership, insertOrganization } from '#persistence';
import type { ServiceContext } from '../context.js';

export interface CreateOrganizationInput {
  readonly name: string;
  /** Becomes its owner; null for one that is run from the command line only. */
  readonly ownerUserId: string | null;
  /** Where invoices go; without it, to the owner. */
  readonly billingEmail?: string | null;
  readonly actor: Actor;
}

/** Makes an organization with its first owner. The name may be taken already; the slug is made unique. */
export function createOrganization(context: ServiceContext, input: CreateOrganizationInput): Promise<Organization> {
  return context.unitOfWork.inSystem((transaction) => createOrganizationWithin(context, transaction, input));
}

/** The same as a part of a larger transaction in the system scope. */
export async function createOrganizationWithin(
  context: ServiceContext,
  transaction: Transaction,
  { name, ownerUserId, billingEmail = null, actor }: CreateOrganizationInput,
): Promise<Organization> {
  const createdAt = context.clock.now();
  const organization = await insertUnderFreeSlug(context, transaction, {
    id: context.ids.next(),
    slug: slugOf(name),
    name: name.trim(),
    billingEmail,
    providerCustomerId: null,
    createdAt,
    suspendedAt: null,
  });
  if (ownerUserId !== null) {
    await insertMembership(transaction, {
      organizationId: organization.id,
      userId: ownerUserId,
      role: 'owner',
      createdAt,
    });
  }
  await appendToAuditLog(transaction, {
    id: context.ids.next(),
    organizationId: organization.id,
    actor,
    action: 'created',
    noun: 'organization',
    nounId: organization.id,
    createdAt,
  });
  return organization;
}

const SUFFIX_BYTES = 4;
const ATTEMPTS = 5;

async function insertUnderFreeSlug(
  context: ServiceContext,
  transaction: Transaction,
  wanted: Organization,
): Promise<Organization> {
  if (await insertOrganization(transaction, wanted)) return wanted;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const suffix = new Uint8Array(SUFFIX_BYTES);
    context.fillRandom(suffix);
    const organization = { ...wanted, slug: `${wanted.slug}-${Buffer.from(suffix).toString('hex')}` };
    if (await insertOrganization(transaction, organization)) return organization;
  }
  throw new Error(`no free slug was found for ${wanted.slug}`);
}
