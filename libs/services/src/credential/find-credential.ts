import { ConflictError, type Credential, NotFoundError } from '#domain';
import {
  findApplicationIdNamed,
  findCredentialByKeyId,
  findOrganizationIdNamed,
  listApplicationsNamed,
} from '#persistence';
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

/** As many organizations as are named to whoever gave a name that several have. */
const SHOWN = 5;

interface ApplicationName {
  /** Slug or name; null for an application that no other organization has by this name, or that is named after its own. */
  readonly organizationName: string | null;
  readonly applicationName: string;
}

/**
 * An application by its name, for whoever runs the installation.
 * @throws NotFoundError `organization_not_found`, `application_not_found`; ConflictError `application_ambiguous` for a name
 *   that applications of several organizations have
 */
export function findApplicationNamed(
  context: ServiceContext,
  { organizationName, applicationName }: ApplicationName,
): Promise<{ readonly organizationId: string; readonly applicationId: string }> {
  return context.unitOfWork.inSystem(async (transaction) => {
    if (organizationName === null) {
      const found = await listApplicationsNamed(transaction, applicationName, SHOWN);
      const [first, second] = found;
      if (!first) throw new NotFoundError('application', `There is no application "${applicationName}".`);
      if (second && !first.isOfSameName) {
        const slugs = found.map(({ organizationSlug }) => organizationSlug).join(', ');
        throw new ConflictError(
          'application_ambiguous',
          `Several organizations have an application "${applicationName}": say which by --organization, one of ${slugs}.`,
        );
      }
      return first;
    }
    const organizationId = await findOrganizationIdNamed(transaction, organizationName);
    if (!organizationId) throw new NotFoundError('organization', `There is no organization "${organizationName}".`);
    const applicationId = await findApplicationIdNamed(transaction, organizationId, applicationName);
    if (!applicationId) {
      throw new NotFoundError('application', `"${organizationName}" has no application "${applicationName}".`);
    }
    return { organizationId, applicationId };
  });
}
