import type { MembershipRole, PublisherTeam, StaffRole } from '#domain';
import {
  type OrganizationOfUser,
  findMembership,
  listOrganizationsOfUser,
  listPublisherTeamsOfUser,
  listStaffRolesOfUser,
} from '#persistence';
import type { ServiceContext } from '../context.js';

/** Where a person belongs, and what they may see therefore. */
export interface Standing {
  readonly memberships: readonly OrganizationOfUser[];
  readonly staffRoles: readonly StaffRole[];
  readonly publisherTeams: readonly PublisherTeam[];
}

export function findStanding(context: ServiceContext, userId: string): Promise<Standing> {
  return context.unitOfWork.inSystem(async (transaction) => ({
    memberships: await listOrganizationsOfUser(transaction, userId),
    staffRoles: await listStaffRolesOfUser(transaction, userId),
    publisherTeams: await listPublisherTeamsOfUser(transaction, userId),
  }));
}

/** The person's role in the organization; null when they have none or there is no such organization. */
export async function findMembershipRole(
  context: ServiceContext,
  { organizationId, userId }: { readonly organizationId: string; readonly userId: string },
): Promise<MembershipRole | null> {
  const membership = await context.unitOfWork.inOrganization(organizationId, (transaction) =>
    findMembership(transaction, organizationId, userId),
  );
  return membership?.role ?? null;
}
