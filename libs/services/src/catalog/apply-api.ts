import {
  type Api,
  type ApiVersion,
  CLIENT_KEY_PURPOSE,
  ConflictError,
  InvalidError,
  type Route,
  UPSTREAM_SECRET_PURPOSE,
  type Upstream,
  transformationRouteFaults,
} from '#domain';
import { type OpenApiDocument, contractFromDocument, routesFromDocument } from '#openapi';
import {
  deleteSecret,
  findApi,
  findApiVersion,
  findApiVersionAt,
  findPublisherTeam,
  replaceDocumentationEntries,
  saveApi,
  saveApiVersion,
} from '#persistence';
import type { ApplyWork } from './apply-catalog.js';
import { changedFields, contentHash } from './catalog-change.js';
import type { ApiInFile, ApiVersionInFile } from './catalog-file.js';
import { makeFirstSigningKey } from '../signing-key/make-signing-key.js';
import { documentationEntriesOf } from './documentation-entries.js';
import { applySecret } from './apply-secret.js';
import { tlsOf } from './upstream-tls-in-file.js';
import { tokenOf } from './upstream-token-in-file.js';

/** Creates or updates an API and its versions. */
export async function applyApi(work: ApplyWork, file: ApiInFile): Promise<void> {
  const { context, transaction, changes } = work;
  const publisher = await findPublisherTeam(transaction, file.publisher);
  if (!publisher)
    throw new InvalidError(
      'publisher_unknown',
      `apis.${file.slug}.publisher: there is no publisher "${file.publisher}". Name it under "publishers".`,
    );
  const current = await findApi(transaction, file.slug);
  const desired = { publisherTeamId: publisher.id, title: file.title };
  const fields = current
    ? changedFields({ publisherTeamId: current.publisherTeamId, title: current.title }, desired)
    : [];
  const api: Api = {
    id: current?.id ?? context.ids.next(),
    slug: file.slug,
    createdAt: current?.createdAt ?? context.clock.now(),
    ...desired,
  };
  if (!current || fields.length > 0) {
    await saveApi(transaction, api);
    changes.push({ action: current ? 'update' : 'create', noun: 'API', name: file.slug, fields });
  }
  for (const [position, version] of file.versions.entries()) await applyApiVersion(work, api, version, position);
}

async function applyApiVersion(work: ApplyWork, api: Api, file: ApiVersionInFile, position: number): Promise<void> {
  const { context, transaction, changes } = work;
  const name = `${api.slug}/${file.name}`;
  const document = work.documents.get(name);
  if (!document)
    throw new InvalidError('document_missing', `apis.${api.slug}.versions.${file.name}.document was not loaded.`);
  const current = await findApiVersion(transaction, api.id, file.name);
  const holder = await findApiVersionAt(transaction, file.host, file.basePath);
  if (holder && holder !== current?.id) {
    throw new ConflictError(
      'place_taken',
      `${name}: another API version is already at ${file.host ?? ''}${file.basePath}. Choose another basePath or host.`,
    );
  }
  const desired = {
    state: file.state,
    position,
    host: file.host,
    basePath: file.basePath,
    documentHash: contentHash(document.document),
    routes: routesOf(document),
    upstream: file.upstream ? upstreamOf(file.upstream) : null,
    policies: file.policies,
    sunsetOn: file.sunset,
    guides: file.guides.map(({ slug, title, text }) => ({ slug, title, markdown: text })),
  };
  const { contract, remarks } = contractOf(document, desired);
  checkTransformations(name, desired);
  if (desired.upstream?.token) await applySigningKey(work);
  const credential = await applySecret(work, {
    currentId: current?.upstreamSecretId ?? null,
    value: file.upstream?.credential?.value ?? null,
    purpose: UPSTREAM_SECRET_PURPOSE,
    field: 'upstream.credential',
  });
  const clientKey = await applySecret(work, {
    currentId: current?.clientKeySecretId ?? null,
    value: file.upstream?.tls?.clientCertificate?.key ?? null,
    purpose: CLIENT_KEY_PURPOSE,
    field: 'upstream.tls.clientCertificate.key',
  });
  const version: ApiVersion = {
    id: current?.id ?? context.ids.next(),
    apiId: api.id,
    name: file.name,
    document: document.document,
    contract,
    upstreamSecretId: credential.id,
    clientKeySecretId: clientKey.id,
    publishedAt: current?.publishedAt ?? (file.state === 'draft' ? null : context.clock.now()),
    createdAt: current?.createdAt ?? context.clock.now(),
    ...desired,
  };
  const fields = current
    ? [...changedFields(shownFields(current), shownFields(version)), ...credential.changes, ...clientKey.changes]
    : [];
  if (current && fields.length === 0) return;
  await saveApiVersion(transaction, version);
  await replaceDocumentationEntries(transaction, version.id, documentationEntriesOf(document, version.guides));
  if (current?.upstreamSecretId && current.upstreamSecretId !== credential.id)
    await deleteSecret(transaction, current.upstreamSecretId);
  if (current?.clientKeySecretId && current.clientKeySecretId !== clientKey.id)
    await deleteSecret(transaction, current.clientKeySecretId);
  changes.push({
    action: current ? 'update' : 'create',
    noun: 'API version',
    name,
    fields,
    ...(remarks.length > 0 ? { remarks } : {}),
  });
}

/** Tokens need a key that signs them: the first version that wants some has it made. */
async function applySigningKey({ context, transaction, encryptionKeys, changes }: ApplyWork): Promise<void> {
  const key = await makeFirstSigningKey(context, transaction, encryptionKeys);
  if (key) changes.push({ action: 'create', noun: 'signing key', name: key.id, fields: [] });
}

/** @throws InvalidError for transformations that do not fit the version's operations or upstream. */
function checkTransformations(
  name: string,
  { policies, routes, upstream }: Pick<ApiVersion, 'policies' | 'routes' | 'upstream'>,
): void {
  const ownHeaders = [upstream?.credentialHeader, upstream?.token?.header].filter((name) => name !== undefined);
  const faults = transformationRouteFaults(policies.transformations ?? [], routes, ownHeaders);
  if (faults.length === 0) return;
  const lines = faults.map(({ path, message }) => `  ${name}.policies.transformations.${path.join('.')}: ${message}`);
  throw new InvalidError('catalog_invalid', `The catalogue file has faults:\n${lines.join('\n')}`);
}

/** What gateways need of the document; nothing when requests are neither checked nor mocked. */
function contractOf(document: OpenApiDocument, { policies }: Pick<ApiVersion, 'policies'>) {
  if (!policies.validation && !policies.mock) return { contract: null, remarks: [] };
  const { contract, remarks } = contractFromDocument(document, { isMocked: policies.mock !== undefined });
  return { contract: { ...contract }, remarks: policies.validation ? remarks : [] };
}

function shownFields(version: ApiVersion) {
  const { state, position, host, basePath, documentHash, routes, upstream, policies, contract, sunsetOn, guides } =
    version;
  const contractHash = contract === null ? null : contentHash(contract);
  return { state, position, host, basePath, documentHash, routes, upstream, policies, contractHash, sunsetOn, guides };
}

function upstreamOf(upstream: NonNullable<ApiVersionInFile['upstream']>): Upstream {
  const { url, targets, credential, token, tls, retries, circuitBreaker, ...timeouts } = upstream;
  const place = {
    url: (url ?? targets![0]!.url).replace(/\/+$/, ''),
    ...(targets && { targets: targets.map((target) => ({ ...target, url: target.url.replace(/\/+$/, '') })) }),
    ...timeouts,
    ...(retries && { retries }),
    ...(circuitBreaker && { circuitBreaker }),
    ...(token && { token: tokenOf(token) }),
    ...(tls && { tls: tlsOf(tls) }),
  };
  return credential ? { ...place, credentialHeader: credential.header.toLowerCase() } : place;
}

function routesOf(document: OpenApiDocument): Route[] {
  return routesFromDocument(document).map((route, index) => ({
    ...route,
    tags: document.operations[index]?.tags ?? [],
  }));
}
