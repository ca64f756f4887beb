import type { Organization } from '#domain';
import { createOrganization } from '../consumer/create-organization.js';
import type { ServiceContext } from '../context.js';

/** Gives a person who has just come from the identity provider an organization of their own, under their name. */
export function completeOidcSignUp(
  context: ServiceContext,
  { userId, name }: { readonly userId: string; readonly name: string },
): Promise<Organization> {
  return createOrganization(context, { name, ownerUserId: userId, actor: { kind: 'user', id: userId } });
}
