import { InvalidError, NotFoundError, formatPurgeTarget } from '#domain';
import { type Actor, appendChanges, appendToAuditLog, listApiVersionIds } from '#persistence';
import type { ServiceContext } from '../context.js';

export interface PurgeResponseCacheInput {
  /** The slug of the API. */
  readonly api: string;
  /** Null: all its versions. */
  readonly version: string | null;
  /** As callers ask for it, with any query; `*` at its end for all that begin so. Null: all answers. */
  readonly path: string | null;
  /** Set: only of an API of that person's publisher teams. */
  readonly publisherUserId: string | null;
  readonly actor: Actor;
}

/**
 * Makes every gateway forget the answers that it keeps, within a second. Returns of how many versions.
 * @throws NotFoundError `api_not_found`, also for an API of other publishers
 * @throws InvalidError `path_malformed`
 */
export async function purgeResponseCache(context: ServiceContext, input: PurgeResponseCacheInput): Promise<number> {
  const { api, version, path, publisherUserId, actor } = input;
  if (path !== null && !/^\/[^\s?#]*$/.test(path)) {
    throw new InvalidError('path_malformed', 'A path begins with a slash and has no query.');
  }
  return context.unitOfWork.inSystem(async (transaction) => {
    const versionIds = await listApiVersionIds(transaction, { api, version, publisherUserId });
    if (versionIds.length === 0) throw new NotFoundError('api');
    const createdAt = context.clock.now();
    await appendToAuditLog(transaction, {
      id: context.ids.next(),
      organizationId: null,
      actor,
      action: 'purged',
      noun: 'response cache',
      nounId: api,
      details: { version, path },
      createdAt,
    });
    const targets = versionIds.map((apiVersionId) => formatPurgeTarget({ apiVersionId, path }));
    await appendChanges(transaction, 'response_cache', targets, createdAt);
    return versionIds.length;
  });
}
