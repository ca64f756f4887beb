import { NotFoundError } from '#domain';
import { type ApplicationOverview, type Slice, listApplicationOverviews } from '#persistence';
import type { ServiceContext } from '../context.js';

/** The organization's applications with what they have, newest first, after an id. */
export function listApplications(
  context: ServiceContext,
  organizationId: string,
  slice: Slice = {},
): Promise<ApplicationOverview[]> {
  const at = context.clock.now();
  return context.unitOfWork.inOrganization(organizationId, (transaction) =>
    listApplicationOverviews(transaction, { organizationId, at }, slice),
  );
}

/**
 * One application of the organization with what it has.
 * @throws NotFoundError `application_not_found`
 */
export async function findApplicationOverview(
  context: ServiceContext,
  { organizationId, applicationId }: { readonly organizationId: string; readonly applicationId: string },
): Promise<ApplicationOverview> {
  const at = context.clock.now();
  const [application] = await context.unitOfWork.inOrganization(organizationId, (transaction) =>
    listApplicationOverviews(transaction, { organizationId, applicationId, at }),
  );
  if (!application) throw new NotFoundError('application');
  return application;
}
