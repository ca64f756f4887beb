import { type Api, type ApiVersion, type ApiVersionState, ConflictError, InvalidError, type Route } from '#domain';
import { type OpenApiDocument, contractFromDocument, routesFromDocument } from '#openapi';
import { deleteSecret, findApiVersionAt, replaceDocumentationEntries, saveApiVersion } from '#persistence';
import { makeFirstSigningKey } from '../signing-key/make-signing-key.js';
import type { ApplyWork } from './apply-catalog.js';
import { type FieldChange, changedFields, contentHash } from './catalog-change.js';
import { documentationEntriesOf } from './documentation-entries.js';
import { policyMisfits } from './policy-misfits.js';

/** What the docs of an API have at the place of a version: the alias of the newest one, the change log and its feed. */
const RESERVED_NAMES = new Set(['latest', 'changes', 'feed.atom']);

/** What a version is to be, but for what follows from its document. */
export type DesiredApiVersion = Omit<
  ApiVersion,
  'id' | 'apiId' | 'document' | 'documentHash' | 'routes' | 'contract' | 'publishedAt' | 'deprecatedAt' | 'createdAt'
>;

export interface ApiVersionToWrite {
  readonly api: Api;
  /** Null for a new one. */
  readonly current: ApiVersion | null;
  readonly desired: DesiredApiVersion;
  readonly document: OpenApiDocument;
  /** What has changed of its sealed values. */
  readonly secretChanges?: readonly FieldChange[];
}

/**
 * Creates a version of an API, or makes it what is desired, and adds to the changes what that was; nothing when nothing was. Secrets
 * that it no longer has are deleted.
 * @throws ConflictError `place_taken`; InvalidError `version_name_reserved` for a new one, and `catalog_invalid` for transformations or a
 *   translation that do not fit its operations or upstream
 */
export async function writeApiVersion(
  work: Pick<ApplyWork, 'context' | 'transaction' | 'encryptionKeys' | 'changes'>,
  { api, current, desired, document, secretChanges = [] }: ApiVersionToWrite,
): Promise<void> {
  const { context, transaction, changes } = work;
  const name = `${api.slug}/${desired.name}`;
  const { host, basePath, versionHeader, state } = desired;
  if (!current && RESERVED_NAMES.has(desired.name))
    throw new InvalidError(
      'version_name_reserved',
      `${name}: /docs/${name} is a page of its own, so that nobody could read this version. Choose another name, such as v1.`,
    );
  const holder = await findApiVersionAt(transaction, desired);
  if (holder && holder !== current?.id)
    throw new ConflictError(
      'place_taken',
      `${name}: another API version is already at ${host ?? ''}${basePath}${versionHeader ? ` with ${versionHeader.name}: ${versionHeader.value}` : ''}. ` +
        'Choose another basePath or host, or tell versions of one API apart by versionHeader.',
    );
  const routes = routesOf(document);
  await requireFitting(name, { ...desired, routes });
  const { contract, remarks } = contractOf(document, desired);
  if (desired.upstream?.token) await applySigningKey(work);
  const version: ApiVersion = {
    ...desired,
    id: current?.id ?? context.ids.next(),
    apiId: api.id,
    document: document.document,
    documentHash: contentHash(document.document),
    routes,
    contract,
    ...lifeOf(current, state, context.clock.now()),
    createdAt: current?.createdAt ?? context.clock.now(),
  };
  const fields = current ? [...changedFields(shownFields(current), shownFields(version)), ...secretChanges] : [];
  if (current && fields.length === 0) return;
  await saveApiVersion(transaction, version);
  await replaceDocumentationEntries(transaction, version.id, documentationEntriesOf(document, version.guides));
  if (current) await deleteSecretsLeft(work, current, version);
  changes.push({
    action: current ? 'update' : 'create',
    noun: 'API version',
    name,
    fields,
    ...(remarks.length > 0 ? { remarks } : {}),
  });
}

/** What of a version says where its calls go. */
type PlacedUpstream = Pick<ApiVersion, 'upstream' | 'upstreamSecretId' | 'clientKeySecretId'>;

/**
 * Gives a version another upstream, whose secrets are sealed already, and adds to the changes what that was; nothing when nothing was.
 * @throws InvalidError `catalog_invalid` for transformations or a translation of the version that do not fit the upstream
 */
export async function writeUpstream(
  work: Pick<ApplyWork, 'context' | 'transaction' | 'encryptionKeys' | 'changes'>,
  {
    api,
    current,
    placed,
    secretChanges,
  }: {
    readonly api: Api;
    readonly current: ApiVersion;
    readonly placed: PlacedUpstream;
    readonly secretChanges: readonly FieldChange[];
  },
): Promise<void> {
  const name = `${api.slug}/${current.name}`;
  const version: ApiVersion = { ...current, ...placed };
  await requireFitting(name, version);
  if (version.upstream?.token) await applySigningKey(work);
  const fields = [...changedFields({ upstream: current.upstream }, { upstream: version.upstream }), ...secretChanges];
  if (fields.length === 0) return;
  await saveApiVersion(work.transaction, version);
  await deleteSecretsLeft(work, current, version);
  work.changes.push({ action: 'update', noun: 'API version', name, fields });
}

/** When a version that comes to this state was first published, and since when it is deprecated. */
export function lifeOf(
  current: Pick<ApiVersion, 'publishedAt' | 'deprecatedAt'> | null,
  state: ApiVersionState,
  now: Date,
): Pick<ApiVersion, 'publishedAt' | 'deprecatedAt'> {
  const publishedAt = current?.publishedAt ?? (state === 'draft' ? null : now);
  const deprecatedAt = current?.deprecatedAt ?? null;
  switch (state) {
    case 'draft':
    case 'published':
      return { publishedAt, deprecatedAt: null };
    case 'deprecated':
      return { publishedAt, deprecatedAt: deprecatedAt ?? now };
    case 'retired':
      return { publishedAt, deprecatedAt };
  }
}

async function deleteSecretsLeft(
  { transaction }: Pick<ApplyWork, 'transaction'>,
  before: ApiVersion,
  after: ApiVersion,
): Promise<void> {
  for (const field of ['upstreamSecretId', 'clientKeySecretId'] as const) {
    const id = before[field];
    if (id !== null && id !== after[field]) await deleteSecret(transaction, id);
  }
}

/** Tokens need a key that signs them: the first version that wants some has it made. */
async function applySigningKey({
  context,
  transaction,
  encryptionKeys,
  changes,
}: Pick<ApplyWork, 'context' | 'transaction' | 'encryptionKeys' | 'changes'>): Promise<void> {
  const key = await makeFirstSigningKey(context, transaction, encryptionKeys);
  if (key) changes.push({ action: 'create', noun: 'signing key', name: key.id, fields: [] });
}

/** @throws InvalidError `catalog_invalid` for policies that do not fit the version's operations or upstream */
async function requireFitting(
  name: string,
  version: Pick<ApiVersion, 'policies' | 'routes' | 'upstream'>,
): Promise<void> {
  const faults = await policyMisfits(version);
  if (faults.length === 0) return;
  const lines = faults.map(({ path, message }) => `  ${name}.${path}: ${message}`);
  throw new InvalidError('catalog_invalid', `${name} has faults:\n${lines.join('\n')}`);
}

/** What gateways need of the document; nothing when requests are neither checked nor mocked. */
function contractOf(document: OpenApiDocument, { policies }: Pick<ApiVersion, 'policies'>) {
  if (!policies.validation && !policies.mock) return { contract: null, remarks: [] };
  const { contract, remarks } = contractFromDocument(document, { isMocked: policies.mock !== undefined });
  return { contract: { ...contract }, remarks: policies.validation ? remarks : [] };
}

function shownFields(version: ApiVersion) {
  const { state, position, host, basePath, versionHeader, documentHash, routes, upstream, policies, contract } =
    version;
  const { sunsetOn, guides } = version;
  const contractHash = contract === null ? null : contentHash(contract);
  return {
    state,
    position,
    host,
    basePath,
    versionHeader,
    documentHash,
    routes,
    upstream,
    policies,
    contractHash,
    sunsetOn,
    guides,
  };
}

/** The operations of a document as gateways match them. */
export function routesOf(document: OpenApiDocument): Route[] {
  return routesFromDocument(document).map((route, index) => ({
    ...route,
    tags: document.operations[index]?.tags ?? [],
  }));
}
