import { NotFoundError } from '#domain';
import { type ApplicationOverview, listApplicationOverviews } from '#persistence';
import type { ServiceContext } from '../context.js';

/** The organization's applications with what they have, newest first. */
export function listApplications(context: ServiceContext, organizationId: string): Promise<ApplicationOverview[]> {
  const at = context.clock.now();
  return context.unitOfWork.inOrganization(organizationId, (transaction) =>
    listApplicationOverviews(transaction, { organizationId, at }),
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
