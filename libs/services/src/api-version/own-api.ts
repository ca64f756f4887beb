import { type Api, type ApiVersion, NotFoundError } from '#domain';
import { type Transaction, findApiVersion, findPublisherApi, findRetirement } from '#persistence';

/** Which version, and who edits it. */
export interface EditedApiVersion {
  /** Slug of the API. */
  readonly api: string;
  /** Its name. */
  readonly version: string;
  /** Null for the operator's command line, which edits all. */
  readonly publisherUserId: string | null;
}

/** A version with its API. */
export interface OwnApiVersion {
  readonly api: Api;
  readonly version: ApiVersion;
  /** Whether it is switched off by itself on the day that it says. */
  readonly retiresAtSunset: boolean;
}

/**
 * An API of a person's publisher teams.
 * @throws NotFoundError `api_not_found`, also for one of other publishers
 */
export async function findOwnApi(
  transaction: Transaction,
  { api: slug, publisherUserId }: Omit<EditedApiVersion, 'version'>,
): Promise<Api> {
  const api = await findPublisherApi(transaction, { slug, publisherUserId });
  if (!api) throw new NotFoundError('api');
  return api;
}

/**
 * A version of such an API, a draft too.
 * @throws NotFoundError `api_not_found`, `api_version_not_found`
 */
export async function findOwnApiVersion(transaction: Transaction, edited: EditedApiVersion): Promise<OwnApiVersion> {
  const api = await findOwnApi(transaction, edited);
  const version = await findApiVersion(transaction, api.id, edited.version);
  if (!version) throw new NotFoundError('API version');
  const retirement = await findRetirement(transaction, { apiId: api.id, name: version.name });
  return { api, version, retiresAtSunset: retirement !== null };
}
