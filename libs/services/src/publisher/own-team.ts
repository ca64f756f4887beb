import { InvalidError, NotFoundError, type PublisherTeam } from '#domain';
import { type Transaction, listPublisherTeamsOfUser } from '#persistence';

/**
 * The publisher team for which a person adds something: the one with the slug, or for null the only one that the person belongs to.
 * @throws InvalidError `publisher_needed` for null and several; NotFoundError `publisher_team_not_found`, also for one of others
 */
export async function findOwnTeam(
  transaction: Transaction,
  { publisher, publisherUserId }: { readonly publisher: string | null; readonly publisherUserId: string },
): Promise<PublisherTeam> {
  const teams = await listPublisherTeamsOfUser(transaction, publisherUserId);
  if (publisher === null && teams.length > 1)
    throw new InvalidError(
      'publisher_needed',
      `publisher: you belong to several publisher teams; name one of ${teams.map(({ slug }) => slug).join(', ')}.`,
    );
  const team = publisher === null ? teams[0] : teams.find(({ slug }) => slug === publisher);
  if (!team) throw new NotFoundError('publisher team');
  return team;
}
