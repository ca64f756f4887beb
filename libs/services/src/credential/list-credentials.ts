import { type Credential, NotFoundError } from '#domain';
import { type Slice, findApplication, listCredentialsOfApplication } from '#persistence';
import type { ServiceContext } from '../context.js';

/**
 * The keys of an application, newest first, after an id; revoked and expired ones too.
 * @throws NotFoundError `application_not_found`
 */
export function listCredentials(
  context: ServiceContext,
  { organizationId, applicationId }: { readonly organizationId: string; readonly applicationId: string },
  slice: Slice = {},
): Promise<Credential[]> {
  return context.unitOfWork.inOrganization(organizationId, async (transaction) => {
    if (!(await findApplication(transaction, applicationId))) throw new NotFoundError('application');
    return listCredentialsOfApplication(transaction, applicationId, slice);
  });
}
