import { ConflictError, NotFoundError, isUuid } from '#domain';
import { listOrganizationsNamed } from '#persistence';
import type { ServiceContext } from '../context.js';

/** As many as are named to whoever gave a name that several have. */
const SHOWN = 5;

/**
 * The id of an organization by its slug or name, for whoever runs the installation; an id is given back as it is, in lower case.
 * @throws NotFoundError `organization_not_found`; ConflictError `organization_ambiguous` for a name that several have
 */
export async function findOrganizationId(context: ServiceContext, named: string): Promise<string> {
  if (isUuid(named.toLowerCase())) return named.toLowerCase();
  const found = await context.unitOfWork.inSystem((transaction) => listOrganizationsNamed(transaction, named, SHOWN));
  const [first, second] = found;
  if (!first) throw new NotFoundError('organization', `There is no organization "${named}".`);
  if (second && first.slug !== named) {
    const slugs = found.map(({ slug }) => slug).join(', ');
    throw new ConflictError(
      'organization_ambiguous',
      `Several organizations are named "${named}": say which by ${slugs}.`,
    );
  }
  return first.id;
}
