import { type ApiVersion, ConflictError } from '#domain';
import { deleteApiVersion, deleteSecret } from '#persistence';
import type { ServiceContext } from '../context.js';
import {
  type ApiVersionChange,
  type VersionLife,
  changeVersion,
  requireCallable,
  saveState,
} from './change-api-version.js';

/**
 * Gives a version to callers and readers: a draft, or one that was deprecated or retired, again.
 * @throws NotFoundError `api_not_found`, `api_version_not_found`; ConflictError `api_version_published`; what `check` throws
 */
export function publishApiVersion(context: ServiceContext, change: ApiVersionChange): Promise<void> {
  return changeState(context, change, ({ state }) => {
    if (state === 'published') throw new ConflictError('api_version_published', 'The version is published already.');
    return { state: 'published', sunsetOn: null, retiresAtSunset: false };
  });
}

/**
 * Switches a version off: calls get 404 from now on, and its documentation says so.
 * @throws NotFoundError `api_not_found`, `api_version_not_found`; ConflictError `api_version_not_published`; what `check` throws
 */
export function retireApiVersion(context: ServiceContext, change: ApiVersionChange): Promise<void> {
  return changeState(context, change, (version) => {
    requireCallable(version);
    return { state: 'retired', sunsetOn: version.sunsetOn, retiresAtSunset: false };
  });
}

/**
 * Throws a version away that was never more than a draft.
 * @throws NotFoundError `api_not_found`, `api_version_not_found`; ConflictError `api_version_published`; what `check` throws
 */
export function deleteApiVersionDraft(context: ServiceContext, change: ApiVersionChange): Promise<void> {
  return changeVersion(context, change, async ({ transaction, changes }, { api, version }) => {
    if (version.state !== 'draft' || version.publishedAt !== null)
      throw new ConflictError('api_version_published', 'The version was published: retire it instead.');
    await deleteApiVersion(transaction, version.id);
    for (const secretId of [version.upstreamSecretId, version.clientKeySecretId])
      if (secretId !== null) await deleteSecret(transaction, secretId);
    changes.push({ action: 'delete', noun: 'API version', name: `${api.slug}/${version.name}`, fields: [] });
  });
}

function changeState(
  context: ServiceContext,
  change: ApiVersionChange,
  next: (version: ApiVersion) => VersionLife,
): Promise<void> {
  return changeVersion(context, change, (work, own) => saveState(work, own, next(own.version)));
}
