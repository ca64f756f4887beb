import {
  CLIENT_KEY_PURPOSE,
  ConflictError,
  InvalidError,
  NotFoundError,
  UPSTREAM_SECRET_PURPOSE,
  type Upstream,
  type VersionHeader,
  asWritten,
  openSecret,
} from '#domain';
import { loadOpenApiDocument } from '#openapi';
import { findApiVersion, findSecret, listApiVersionNames } from '#persistence';
import { applySecret } from '../catalog/apply-secret.js';
import { upstreamPlace } from '../catalog/catalog-file.js';
import { changeCatalog } from '../catalog/change-catalog.js';
import { requireClearPlaces } from '../catalog/require-clear-places.js';
import { upstreamFault } from '../catalog/upstream-faults.js';
import { type DesiredApiVersion, writeApiVersion } from '../catalog/write-api-version.js';
import type { ServiceContext } from '../context.js';
import type { ApiVersionChange, CatalogWork } from './change-api-version.js';
import { findOwnApi } from './own-api.js';

const maxVersions = 100;
export interface CreateApiVersionInput extends Omit<ApiVersionChange, 'check'> {
  readonly host: string | null;
  readonly basePath: string;
  /** What tells it apart from other versions of the API at the same place; null for one that is alone there. */
  readonly versionHeader: VersionHeader | null;
  /** The name of the version whose upstream, policies and guides it gets; null for none. */
  readonly like: string | null;
  /** Where its requests go, in the place of that version's upstream, whose credential stays behind then; null for that. */
  readonly upstreamUrl: string | null;
  /** Whether upstreams may be in private networks. */
  readonly allowsPrivateUpstreams: boolean;
  /** The document as YAML or JSON. */
  readonly source: string;
}

/**
 * Adds a version to an API as a draft, which nobody but its publisher sees, behind all others.
 * @throws OpenApiDocumentError for a document that cannot be published; NotFoundError `api_not_found`, `api_version_not_found` for `like`;
 *   ConflictError `api_version_exists`, `place_taken`, `too_many_versions`; InvalidError `upstream_refused`, `upstream_missing`,
 *   `version_name_reserved`, `catalog_invalid`
 */
export async function createApiVersion(
  context: ServiceContext,
  { api: slug, version: name, source, like, upstreamUrl, allowsPrivateUpstreams, ...input }: CreateApiVersionInput,
): Promise<void> {
  const fault = upstreamUrl && upstreamFault(upstreamUrl, allowsPrivateUpstreams);
  if (fault) throw new InvalidError('upstream_refused', `upstreamUrl: ${fault}`);
  const document = await loadOpenApiDocument(source);
  const { publisherUserId, host, basePath, versionHeader, actor, encryptionKeys } = input;
  await changeCatalog(context, actor, async (changed) => {
    const work: CatalogWork = { ...changed, encryptionKeys };
    const api = await findOwnApi(work.transaction, { api: slug, publisherUserId });
    const versions = await listApiVersionNames(work.transaction, api.id);
    if (versions.some((one) => one.name === name))
      throw new ConflictError('api_version_exists', `${slug} has a version "${name}" already: choose another name.`);
    if (versions.length >= maxVersions)
      throw new ConflictError('too_many_versions', `${slug} has ${versions.length} versions, which is the most.`);
    const model = like === null ? null : await findApiVersion(work.transaction, api.id, like);
    if (like !== null && !model) throw new NotFoundError('API version');
    const keepsUpstream = upstreamUrl === null;
    const upstream = keepsUpstream
      ? ownTraffic(model?.upstream ?? null)
      : upstreamAt(upstreamUrl, model?.upstream ?? null);
    if (upstream === null && !model?.policies.mock)
      throw new InvalidError('upstream_missing', 'upstreamUrl: say where the requests go, or take it from a version.');
    const desired: DesiredApiVersion = {
      name,
      state: 'draft',
      position: Math.max(-1, ...versions.map(({ position }) => position)) + 1,
      host,
      basePath,
      versionHeader,
      upstream,
      policies: model?.policies ?? {},
      sunsetOn: null,
      guides: model?.guides ?? [],
      upstreamSecretId: keepsUpstream ? await copySecret(work, model?.upstreamSecretId, UPSTREAM_SECRET_PURPOSE) : null,
      clientKeySecretId: keepsUpstream ? await copySecret(work, model?.clientKeySecretId, CLIENT_KEY_PURPOSE) : null,
    };
    await writeApiVersion(work, { api, current: null, document, desired });
    await requireClearPlaces(work.transaction);
  });
}

/** A place with the patience of another version's upstream, and nothing of what that is shown to know who calls. */
function upstreamAt(url: string, model: Upstream | null): Upstream {
  // As a file has it that says nothing of its patience.
  const usual: Upstream = upstreamPlace.parse({ url });
  const { connectTimeoutMs, responseTimeoutMs, idleTimeoutMs, retries, circuitBreaker, protocol } = model ?? usual;
  return {
    url: url.replace(/\/+$/, ''),
    connectTimeoutMs,
    responseTimeoutMs,
    idleTimeoutMs,
    ...(retries && { retries }),
    ...(circuitBreaker && { circuitBreaker }),
    ...(protocol && { protocol }),
  };
}

/** What another version was written with is nothing to this one. */
function ownTraffic(upstream: Upstream | null): Upstream | null {
  return upstream?.traffic ? { ...upstream, traffic: asWritten(upstream.traffic) } : upstream;
}

/** A sealed value is of one version: it may go with it. */
async function copySecret(work: CatalogWork, id: string | null | undefined, purpose: string): Promise<string | null> {
  const stored = id ? await findSecret(work.transaction, id) : null;
  if (!stored) return null;
  const value = openSecret(stored, purpose, work.encryptionKeys);
  return (await applySecret(work, { currentId: null, value, purpose, field: purpose })).id;
}
