import { ConflictError, DEFAULT_SELLER, InvalidError } from '#domain';
import { type Actor, findPublisherTeam, findSeller, savePublisherTeam } from '#persistence';
import { changeCatalog } from '../catalog/change-catalog.js';
import type { ServiceContext } from '../context.js';

export interface CreatePublisherTeamInput {
  /** In addresses, files and commands; it never changes. */
  readonly slug: string;
  readonly name: string;
  /** Who sells its products, by its short name; null for the default seller. */
  readonly seller: string | null;
  readonly actor: Actor;
}

/**
 * Adds a publisher team without members.
 * @throws ConflictError `publisher_team_exists`; InvalidError `seller_unknown`
 */
export function createPublisherTeam(
  context: ServiceContext,
  { slug, name, seller, actor }: CreatePublisherTeamInput,
): Promise<void> {
  return changeCatalog(context, actor, async ({ transaction, changes }) => {
    if (await findPublisherTeam(transaction, slug))
      throw new ConflictError(
        'publisher_team_exists',
        `There is a publisher team "${slug}" already: choose another short name.`,
      );
    const sellerSlug = seller ?? DEFAULT_SELLER;
    if (!(await findSeller(transaction, sellerSlug)))
      throw new InvalidError(
        'seller_unknown',
        `seller: there is no seller "${sellerSlug}". Sellers come from the catalogue file.`,
      );
    const createdAt = context.clock.now();
    await savePublisherTeam(transaction, { id: context.ids.next(), slug, name, sellerSlug, createdAt });
    changes.push({ action: 'create', noun: 'publisher', name: slug, fields: [] });
  });
}
