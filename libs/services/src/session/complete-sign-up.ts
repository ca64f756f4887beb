import type { Organization } from '#domain';
import { lockNewUser } from '#persistence';
import { createOrganizationWithin } from '../consumer/create-organization.js';
import type { ServiceContext } from '../context.js';

/**
 * Gives the person who has just signed up an organization of their own. Does nothing, and returns null, for anybody
 * who has verified their address or belongs somewhere: signing up again under a known address makes no second one.
 */
export function completeSignUp(
  context: ServiceContext,
  { email, organizationName }: { readonly email: string; readonly organizationName: string },
): Promise<Organization | null> {
  return context.unitOfWork.inSystem(async (transaction) => {
    const user = await lockNewUser(transaction, email);
    if (!user) return null;
    return createOrganizationWithin(context, transaction, {
      name: organizationName,
      ownerUserId: user.id,
      actor: { kind: 'user', id: user.id },
    });
  });
}
