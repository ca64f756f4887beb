import { type Api, CLIENT_KEY_PURPOSE, InvalidError, UPSTREAM_SECRET_PURPOSE, type Upstream } from '#domain';
import { findApi, findApiVersion, findPublisherTeam, saveApi } from '#persistence';
import type { ApplyWork } from './apply-catalog.js';
import { changedFields } from './catalog-change.js';
import type { ApiInFile, ApiVersionInFile } from './catalog-file.js';
import { applyOrKeepSecret } from './keep-secret.js';
import { keepShares } from './keep-shares.js';
import { trafficOf } from './traffic-in-file.js';
import { translationOf } from './translation-in-file.js';
import { tlsOf } from './upstream-tls-in-file.js';
import { tokenOf } from './upstream-token-in-file.js';
import { versionHeaderOf } from './version-header-in-file.js';
import { writeApiVersion } from './write-api-version.js';

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
  const name = `${api.slug}/${file.name}`;
  const document = work.documents.get(name);
  if (!document)
    throw new InvalidError('document_missing', `apis.${api.slug}.versions.${file.name}.document was not loaded.`);
  const current = await findApiVersion(work.transaction, api.id, file.name);
  const { upstream, remarks } = keepShares(file.upstream ? upstreamOf(file.upstream) : null, current?.upstream ?? null);
  const desired = {
    state: file.state,
    position: file.position ?? position,
    host: file.host,
    basePath: file.basePath,
    versionHeader: versionHeaderOf(file),
    name: file.name,
    upstream,
    policies: await translationOf(file.policies),
    sunsetOn: file.sunset,
    guides: file.guides.map(({ slug, title, text }) => ({ slug, title, markdown: text })),
  };
  const { credential: sent, tls } = file.upstream ?? {};
  const keeps = { work, name, current, desired: desired.upstream };
  const credential = await applyOrKeepSecret(
    keeps,
    {
      currentId: current?.upstreamSecretId ?? null,
      value: sent?.value ?? null,
      purpose: UPSTREAM_SECRET_PURPOSE,
      field: 'upstream.credential',
    },
    sent !== undefined && sent.value === undefined ? 'upstream.credential.value' : null,
  );
  const clientKey = await applyOrKeepSecret(
    keeps,
    {
      currentId: current?.clientKeySecretId ?? null,
      value: tls?.clientCertificate?.key ?? null,
      purpose: CLIENT_KEY_PURPOSE,
      field: 'upstream.tls.clientCertificate.key',
    },
    tls?.clientCertificate && tls.clientCertificate.key === undefined ? 'upstream.tls.clientCertificate.key' : null,
  );
  await writeApiVersion(work, {
    api,
    current,
    document,
    desired: { ...desired, upstreamSecretId: credential.id, clientKeySecretId: clientKey.id },
    secretChanges: [...credential.changes, ...clientKey.changes],
  });
  if (remarks.length > 0) work.changes.push({ action: 'keep', noun: 'API version', name, fields: [], remarks });
}

function upstreamOf(upstream: NonNullable<ApiVersionInFile['upstream']>): Upstream {
  const { url, targets, traffic, credential, token, tls, retries, circuitBreaker, ...timeouts } = upstream;
  const place = {
    url: (url ?? targets![0]!.url).replace(/\/+$/, ''),
    ...(targets && { targets: targets.map((target) => ({ ...target, url: target.url.replace(/\/+$/, '') })) }),
    ...(traffic && { traffic: trafficOf(traffic) }),
    ...timeouts,
    ...(retries && { retries }),
    ...(circuitBreaker && { circuitBreaker }),
    ...(token && { token: tokenOf(token) }),
    ...(tls && { tls: tlsOf(tls) }),
  };
  return credential ? { ...place, credentialHeader: credential.header.toLowerCase() } : place;
}
