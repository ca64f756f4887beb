import { NotFoundError } from '#domain';
import {
  type ListedOrganization,
  type OrganizationFilter,
  type Slice,
  listOrganizations as listRows,
} from '#persistence';
import type { ServiceContext } from '../context.js';

/**
 * Organizations that are not deleted, in the order of their slugs, after one; all, or those with this part of their name, slug
 * or billing address; of them, those that are suspended or are not. For staff only.
 */
export function listOrganizations(
  { unitOfWork }: ServiceContext,
  { search, isSuspended, ...slice }: Slice & Pick<OrganizationFilter, 'search' | 'isSuspended'> = {},
): Promise<ListedOrganization[]> {
  return unitOfWork.inSystem((transaction) => listRows(transaction, { search, isSuspended }, slice));
}

/** One of them, a deleted one too. @throws NotFoundError `organization_not_found` */
export async function findListedOrganization(
  { unitOfWork }: ServiceContext,
  organizationId: string,
): Promise<ListedOrganization> {
  const [found] = await unitOfWork.inSystem((transaction) => listRows(transaction, { organizationId }));
  if (!found) throw new NotFoundError('organization');
  return found;
}
