import { type Api, ConflictError } from '#domain';
import { type Actor, findApi, saveApi } from '#persistence';
import { changedFields } from '../catalog/catalog-change.js';
import { changeCatalog } from '../catalog/change-catalog.js';
import type { ServiceContext } from '../context.js';
import { findOwnTeam } from '../publisher/own-team.js';
import { findOwnApi } from './own-api.js';

export interface CreateApiInput {
  /** In addresses, files and commands; it never changes. */
  readonly slug: string;
  readonly title: string;
  /** Slug of the publisher team that it is of; null for the only one of the person. */
  readonly publisher: string | null;
  readonly publisherUserId: string;
  readonly actor: Actor;
}

/**
 * Adds an API without versions, which nobody but its publishers sees.
 * @throws ConflictError `api_exists`, also for one of other publishers; what `findOwnTeam` throws
 */
export function createApi(
  context: ServiceContext,
  { slug, title, publisher, publisherUserId, actor }: CreateApiInput,
): Promise<void> {
  return changeCatalog(context, actor, async ({ transaction, changes }) => {
    const team = await findOwnTeam(transaction, { publisher, publisherUserId });
    if (await findApi(transaction, slug))
      throw new ConflictError('api_exists', `There is an API "${slug}" already: choose another short name.`);
    const createdAt = context.clock.now();
    await saveApi(transaction, { id: context.ids.next(), publisherTeamId: team.id, slug, title, createdAt });
    changes.push({ action: 'create', noun: 'API', name: slug, fields: [] });
  });
}

export interface RenameApiInput {
  /** Its slug. */
  readonly api: string;
  readonly title: string;
  readonly publisherUserId: string;
  readonly actor: Actor;
}

/** Gives an API of a person's publisher teams another title. @throws NotFoundError `api_not_found` */
export function renameApi(
  context: ServiceContext,
  { api: slug, title, publisherUserId, actor }: RenameApiInput,
): Promise<void> {
  return changeCatalog(context, actor, async ({ transaction, changes }) => {
    const api = await findOwnApi(transaction, { api: slug, publisherUserId });
    const fields = changedFields<Pick<Api, 'title'>>(api, { title });
    if (fields.length === 0) return;
    await saveApi(transaction, { ...api, title });
    changes.push({ action: 'update', noun: 'API', name: slug, fields });
  });
}
