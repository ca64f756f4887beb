import {
  type ApiVersion,
  CLIENT_KEY_PURPOSE,
  ConflictError,
  DEFAULT_IDLE_TIMEOUT_MS,
  type EncryptionKey,
  InvalidError,
  NotFoundError,
  UPSTREAM_SECRET_PURPOSE,
  type Upstream,
  openSecret,
} from '#domain';
import { type JsonObject, type OpenApiDocument, loadOpenApiDocument } from '#openapi';
import {
  type Actor,
  type ListedApiVersion,
  type PublisherApi,
  type Slice,
  deleteApiVersion,
  deleteSecret,
  findApiVersion,
  findSecret,
  listApiVersionCallers,
  listApiVersionNames,
  listDeveloperAddresses,
  listPublisherApis as listApis,
  lockCatalog,
  saveApiVersion,
} from '#persistence';
import { type ApplyWork, recordChanges } from '../catalog/apply-catalog.js';
import { applySecret } from '../catalog/apply-secret.js';
import { changedFields } from '../catalog/catalog-change.js';
import { compareInSlices, countBySeverity } from '../catalog/compare-versions.js';
import { upstreamFault } from '../catalog/upstream-faults.js';
import { type DesiredApiVersion, lifeOf, writeApiVersion } from '../catalog/write-api-version.js';
import type { ServiceContext } from '../context.js';
import { sendMail } from '../mail/send-mail.js';
import type { NoticeMail } from '../plan/migrate-subscribers.js';
import { callersSince, whatBreaks } from './api-version-callers.js';
import { type EditedApiVersion, findOwnApi, findOwnApiVersion } from './own-api.js';

const maxVersions = 100;
const usualUpstream: Omit<Upstream, 'url'> = {
  connectTimeoutMs: 2_000,
  responseTimeoutMs: 30_000,
  idleTimeoutMs: DEFAULT_IDLE_TIMEOUT_MS,
};

/** Who changes a version, with what. */
export interface ApiVersionChange extends EditedApiVersion {
  readonly encryptionKeys: readonly EncryptionKey[];
  readonly actor: Actor;
  /** Looks at what is there, locked; throws to refuse the change. */
  readonly check?: (current: ApiVersionView) => void;
}

/** A version as its publisher sees it: without its document, and without anything that is secret. */
export interface ApiVersionView extends ListedApiVersion, Pick<ApiVersion, 'documentHash' | 'routes' | 'createdAt'> {
  readonly api: Pick<PublisherApi, 'slug' | 'title'>;
  /** Of the document. */
  readonly info: { readonly title: string; readonly version: string };
  /** Null where the document answers in its place. */
  readonly upstream: { readonly urls: readonly string[]; readonly hasCredential: boolean } | null;
  /** The sections of its policies that are on. */
  readonly policies: readonly string[];
  readonly guides: readonly { readonly slug: string; readonly title: string }[];
}

export function listPublisherApis(
  context: ServiceContext,
  publisherUserId: string,
  slice: Slice<string> = {},
): Promise<PublisherApi[]> {
  return context.unitOfWork.inSystem((transaction) => listApis(transaction, publisherUserId, slice));
}

/** @throws NotFoundError `api_not_found`, `api_version_not_found` */
export async function findPublisherApiVersion(
  context: ServiceContext,
  edited: EditedApiVersion,
): Promise<ApiVersionView> {
  const { api, version } = await context.unitOfWork.inSystem((transaction) => findOwnApiVersion(transaction, edited));
  return viewOf(api, version);
}

/** The document of a version, a draft's too. @throws NotFoundError `api_not_found`, `api_version_not_found` */
export async function findPublisherDocument(
  context: ServiceContext,
  edited: EditedApiVersion,
): Promise<ApiVersion['document']> {
  const { version } = await context.unitOfWork.inSystem((transaction) => findOwnApiVersion(transaction, edited));
  return version.document;
}

export interface CreateApiVersionInput extends Omit<ApiVersionChange, 'check'> {
  readonly host: string | null;
  readonly basePath: string;
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
 *   `catalog_invalid`
 */
export async function createApiVersion(
  context: ServiceContext,
  { api: slug, version: name, source, like, upstreamUrl, allowsPrivateUpstreams, ...input }: CreateApiVersionInput,
): Promise<void> {
  const fault = upstreamUrl && upstreamFault(upstreamUrl, allowsPrivateUpstreams);
  if (fault) throw new InvalidError('upstream_refused', `upstreamUrl: ${fault}`);
  const document = await loadOpenApiDocument(source);
  const { publisherUserId, host, basePath } = input;
  await changeCatalog(context, input, async (work) => {
    const api = await findOwnApi(work.transaction, { api: slug, publisherUserId });
    const versions = await listApiVersionNames(work.transaction, api.id);
    if (versions.some((one) => one.name === name))
      throw new ConflictError('api_version_exists', `${slug} has a version "${name}" already: choose another name.`);
    if (versions.length >= maxVersions)
      throw new ConflictError('too_many_versions', `${slug} has ${versions.length} versions, which is the most.`);
    const model = like === null ? null : await findApiVersion(work.transaction, api.id, like);
    if (like !== null && !model) throw new NotFoundError('API version');
    const keepsUpstream = upstreamUrl === null;
    const upstream = keepsUpstream ? (model?.upstream ?? null) : upstreamAt(upstreamUrl, model?.upstream ?? null);
    if (upstream === null && !model?.policies.mock)
      throw new InvalidError('upstream_missing', 'upstreamUrl: say where the requests go, or take it from a version.');
    const desired: DesiredApiVersion = {
      name,
      state: 'draft',
      position: Math.max(-1, ...versions.map(({ position }) => position)) + 1,
      host,
      basePath,
      upstream,
      policies: model?.policies ?? {},
      sunsetOn: null,
      guides: model?.guides ?? [],
      upstreamSecretId: keepsUpstream ? await copySecret(work, model?.upstreamSecretId, UPSTREAM_SECRET_PURPOSE) : null,
      clientKeySecretId: keepsUpstream ? await copySecret(work, model?.clientKeySecretId, CLIENT_KEY_PURPOSE) : null,
    };
    await writeApiVersion(work, { api, current: null, document, desired });
  });
}

/**
 * Puts another document in the place of a version's. What callers have must not break by it: for that there are new versions.
 * @throws OpenApiDocumentError for a document that cannot be published; NotFoundError `api_not_found`, `api_version_not_found`;
 *   ConflictError `document_breaks_callers`; InvalidError `catalog_invalid`; what `check` throws
 */
export async function replaceApiDocument(
  context: ServiceContext,
  { source, ...change }: ApiVersionChange & { readonly source: string },
): Promise<void> {
  const document = await loadOpenApiDocument(source);
  await changeVersion(context, change, async (work, { api, version }) => {
    if (version.state !== 'draft') await requireHarmless(version, document);
    await writeApiVersion(work, { api, current: version, document, desired: version });
  });
}

/**
 * Gives a version to callers and readers: a draft, or one that was deprecated or retired, again.
 * @throws NotFoundError `api_not_found`, `api_version_not_found`; ConflictError `api_version_published`; what `check` throws
 */
export function publishApiVersion(context: ServiceContext, change: ApiVersionChange): Promise<void> {
  return changeState(context, change, ({ state }) => {
    if (state === 'published') throw new ConflictError('api_version_published', 'The version is published already.');
    return { state: 'published', sunsetOn: null };
  });
}

/** What members of an organization are told whose applications call a version that is deprecated. */
export interface DeprecationNotice {
  readonly organization: string;
  readonly applications: readonly string[];
  readonly api: Pick<PublisherApi, 'slug' | 'title'>;
  readonly version: string;
  /** The version to use in its place; null while there is none. */
  readonly latest: string | null;
  /** What they call that a correct caller may fail with in that version. */
  readonly broken: readonly string[];
  readonly sunsetOn: string | null;
}

export interface DeprecateApiVersionInput extends ApiVersionChange {
  /** The UTC day from which on it is switched off; null when that is not known. */
  readonly sunsetOn: string | null;
  /** How those are told who have called it lately; null to tell nobody. */
  readonly writeMail: ((notice: DeprecationNotice) => NoticeMail) | null;
}

/**
 * Tells readers that a version should not be used any more, and from which day on it is switched off, if that is known. It still
 * answers. Returns how many organizations get a mail.
 * @throws NotFoundError `api_not_found`, `api_version_not_found`; ConflictError `api_version_not_published`; InvalidError `sunset_past`;
 *   what `check` throws
 */
export async function deprecateApiVersion(
  context: ServiceContext,
  { sunsetOn, writeMail, ...change }: DeprecateApiVersionInput,
): Promise<number> {
  const today = context.clock.now().toISOString().slice(0, 10);
  if (sunsetOn !== null && sunsetOn <= today)
    throw new InvalidError('sunset_past', `sunsetOn: expected a day after today, ${today} (UTC).`);
  const { version } = await context.unitOfWork.inSystem((transaction) => findOwnApiVersion(transaction, change));
  requireCallable(version);
  const breaks = writeMail && (await whatBreaks(context, change));
  let told = 0;
  await changeVersion(context, change, async (work, own) => {
    requireCallable(own.version);
    await saveState(work, own, { state: 'deprecated', sunsetOn });
    if (breaks) told = await tellCallers(work, own, { sunsetOn, writeMail, ...breaks });
  });
  return told;
}

/**
 * Switches a version off: calls get 404 from now on, and its documentation says so.
 * @throws NotFoundError `api_not_found`, `api_version_not_found`; ConflictError `api_version_not_published`; what `check` throws
 */
export function retireApiVersion(context: ServiceContext, change: ApiVersionChange): Promise<void> {
  return changeState(context, change, (version) => {
    requireCallable(version);
    return { state: 'retired', sunsetOn: version.sunsetOn };
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

const actions = { draft: 'update', published: 'publish', deprecated: 'update', retired: 'retire' } as const;

type Work = Pick<ApplyWork, 'context' | 'transaction' | 'encryptionKeys' | 'changes'>;
type Own = Awaited<ReturnType<typeof findOwnApiVersion>>;

function changeState(
  context: ServiceContext,
  change: ApiVersionChange,
  next: (version: ApiVersion) => Pick<ApiVersion, 'state' | 'sunsetOn'>,
): Promise<void> {
  return changeVersion(context, change, (work, own) => saveState(work, own, next(own.version)));
}

async function saveState(
  { context, transaction, changes }: Work,
  { api, version }: Own,
  next: Pick<ApiVersion, 'state' | 'sunsetOn'>,
): Promise<void> {
  const fields = changedFields({ state: version.state, sunsetOn: version.sunsetOn }, next);
  if (fields.length === 0) return;
  await saveApiVersion(transaction, {
    ...version,
    ...next,
    ...lifeOf(version, next.state, context.clock.now()),
  });
  changes.push({ action: actions[next.state], noun: 'API version', name: `${api.slug}/${version.name}`, fields });
}

async function tellCallers(
  { context, transaction }: Work,
  { api, version }: Own,
  {
    sunsetOn,
    latest,
    broken,
    writeMail,
  }: Pick<DeprecationNotice, 'sunsetOn' | 'latest' | 'broken'> & Pick<DeprecateApiVersionInput, 'writeMail'>,
): Promise<number> {
  const filter = { apiVersionId: version.id, since: callersSince(context), named: broken };
  const callers = await listApiVersionCallers(transaction, filter);
  const byOrganization = Map.groupBy(callers, ({ organization }) => organization.id);
  for (const [organizationId, own] of byOrganization) {
    const mail = writeMail!({
      organization: own[0]!.organization.name,
      applications: own.map(({ application }) => application.name),
      api: { slug: api.slug, title: api.title },
      version: version.name,
      latest,
      broken: [...new Set(own.flatMap(({ named }) => named))],
      sunsetOn,
    });
    for (const to of await listDeveloperAddresses(transaction, organizationId))
      await sendMail(context, transaction, { to, ...mail });
  }
  return byOrganization.size;
}

function changeVersion(
  context: ServiceContext,
  change: ApiVersionChange,
  alter: (work: Work, own: Own) => Promise<void>,
): Promise<void> {
  return changeCatalog(context, change, async (work) => {
    const own = await findOwnApiVersion(work.transaction, change);
    change.check?.(viewOf(own.api, own.version));
    await alter(work, own);
  });
}

/** As applying a file does: one at a time, all of it or nothing, in the audit log and the snapshots of the gateways. */
function changeCatalog(
  context: ServiceContext,
  { actor, encryptionKeys }: Pick<ApiVersionChange, 'actor' | 'encryptionKeys'>,
  change: (work: Work) => Promise<void>,
): Promise<void> {
  return context.unitOfWork.inSystem(async (transaction) => {
    await lockCatalog(transaction);
    const work: Work = { context, transaction, encryptionKeys, changes: [] };
    await change(work);
    await recordChanges(work, actor);
  });
}

/** A place with the patience of another version's upstream, and nothing of what that is shown to know who calls. */
function upstreamAt(url: string, model: Upstream | null): Upstream {
  const { connectTimeoutMs, responseTimeoutMs, idleTimeoutMs, retries, circuitBreaker, protocol } =
    model ?? usualUpstream;
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

/** A sealed value is of one version: it may go with it. */
async function copySecret(work: Work, id: string | null | undefined, purpose: string): Promise<string | null> {
  const stored = id ? await findSecret(work.transaction, id) : null;
  if (!stored) return null;
  const value = openSecret(stored, purpose, work.encryptionKeys);
  return (await applySecret(work, { currentId: null, value, purpose, field: purpose })).id;
}

function requireCallable({ state }: ApiVersion): void {
  if (state === 'published' || state === 'deprecated') return;
  throw new ConflictError('api_version_not_published', `The version is ${state}: nobody can call it.`);
}

async function requireHarmless(version: ApiVersion, document: OpenApiDocument): Promise<void> {
  const { changes } = await compareInSlices(version.document as JsonObject, document.document);
  const { breaking } = countBySeverity(changes);
  const first = changes.find(({ severity }) => severity === 'breaking');
  if (!first) return;
  const place = [first.operation && `${first.operation.method} ${first.operation.template}`, first.place];
  const example = `${place.filter(Boolean).join(' · ')}: ${first.message}`;
  throw new ConflictError(
    'document_breaks_callers',
    `${breaking === 1 ? 'A change' : `${breaking} changes`} would break callers of ${version.name} (${example}). Add a version instead.`,
  );
}

function viewOf(api: Pick<PublisherApi, 'slug' | 'title'>, version: ApiVersion): ApiVersionView {
  const { id, name, state, host, basePath, sunsetOn, publishedAt, createdAt, documentHash, routes, upstream } = version;
  const info = version.document['info'] as { readonly title: string; readonly version: string };
  return {
    id,
    name,
    state,
    host,
    basePath,
    sunsetOn,
    publishedAt,
    createdAt,
    documentHash,
    routes,
    operationCount: routes.length,
    api: { slug: api.slug, title: api.title },
    info: { title: String(info.title), version: String(info.version) },
    upstream: upstream && {
      urls: upstream.targets?.map(({ url }) => url) ?? [upstream.url],
      hasCredential: version.upstreamSecretId !== null,
    },
    policies: Object.keys(version.policies),
    guides: version.guides.map(({ slug, title }) => ({ slug, title })),
  };
}
