import { type Credential, NotFoundError } from '#domain';
import { findApplicationIdNamed, findCredentialByKeyId, findOrganizationIdNamed } from '#persistence';
import type { ServiceContext } from '../context.js';

/**
 * A key by its public part, for whoever runs the installation: "AbCdEf123456", or as it is shown, "tg_live_AbCdEf123456".
 * @throws NotFoundError `credential_not_found`
 */
export async function findCredential(context: ServiceContext, shown: string): Promise<Credential> {
  const keyId = /^tg_(?:live|test)_([0-9A-Za-z]{12})$/.exec(shown)?.[1] ?? shown;
  const found = await context.unitOfWork.inSystem((transaction) => findCredentialByKeyId(transaction, keyId));
  if (!found) throw new NotFoundError('credential', `There is no key ${shown}.`);
  return found;
}

/**
 * An application by its name and its organization's slug or name.
 * @throws NotFoundError `organization_not_found`, `application_not_found`
 */
export function findApplicationNamed(
  context: ServiceContext,
  { organizationName, applicationName }: { readonly organizationName: string; readonly applicationName: string },
): Promise<{ readonly organizationId: string; readonly applicationId: string }> {
  return context.unitOfWork.inSystem(async (transaction) => {
    const organizationId = await findOrganizationIdNamed(transaction, organizationName);
    if (!organizationId) throw new NotFoundError('organization', `There is no organization "${organizationName}".`);
    const applicationId = await findApplicationIdNamed(transaction, organizationId, applicationName);
    if (!applicationId) {
      throw new NotFoundError('application', `"${organizationName}" has no application "${applicationName}".`);
    }
    return { organizationId, applicationId };
  });
}
