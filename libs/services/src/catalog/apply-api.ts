import { type Api, InvalidError } from '#domain';
import { findApi, findApiVersion, findPublisherTeam, saveApi } from '#persistence';
import type { ApplyWork } from './apply-catalog.js';
import { changedFields } from './catalog-change.js';
import type { ApiInFile, ApiVersionInFile } from './catalog-file.js';
import { keepShares } from './keep-shares.js';
import { translationOf } from './translation-in-file.js';
import { applyUpstreamSecrets, upstreamOf } from './upstream-from-file.js';
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
  const { secretChanges, ...secrets } = await applyUpstreamSecrets(
    work,
    { name, current, desired: upstream },
    file.upstream,
  );
  await writeApiVersion(work, {
    api,
    current,
    document,
    desired: { ...desired, ...secrets },
    secretChanges,
  });
  if (remarks.length > 0) work.changes.push({ action: 'keep', noun: 'API version', name, fields: [], remarks });
}
