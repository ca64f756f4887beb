import { type Api, InvalidError } from '#domain';
import { findApi, findApiVersion, findPublisherTeam, findRetirement, saveApi, setRetirement } from '#persistence';
import type { ApplyWork } from './apply-catalog.js';
import { changedFields } from './catalog-change.js';
import type { ApiInFile, ApiVersionInFile } from './catalog-file.js';
import { keepShares } from './keep-shares.js';
import { translationOf } from './translation-in-file.js';
import { applyUpstreamSecrets, upstreamOf } from './upstream-from-file.js';
import { versionHeaderOf } from './version-header-in-file.js';
import { type DesiredApiVersion, writeApiVersion } from './write-api-version.js';

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
  const desired: Omit<DesiredApiVersion, 'upstreamSecretId' | 'clientKeySecretId'> = {
    state: hasEndedByItself(work, file) ? 'retired' : file.state,
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
  await applyRetirement(work, api, { ...file, state: desired.state, isNew: current === null });
  if (remarks.length > 0) work.changes.push({ action: 'keep', noun: 'API version', name, fields: [], remarks });
}

/** A file that was true before its day must not switch a version on again that has ended by itself. */
function hasEndedByItself({ context }: ApplyWork, { state, retireAtSunset, sunset }: ApiVersionInFile): boolean {
  const today = context.clock.now().toISOString().slice(0, 10);
  return state === 'deprecated' && retireAtSunset && sunset !== null && sunset <= today;
}

/** @throws InvalidError `sunset_missing` */
async function applyRetirement(
  { transaction, changes }: ApplyWork,
  api: Api,
  {
    name,
    state,
    sunset,
    retireAtSunset,
    isNew,
  }: Pick<ApiVersionInFile, 'name' | 'state' | 'sunset' | 'retireAtSunset'> & { readonly isNew: boolean },
): Promise<void> {
  if (retireAtSunset && sunset === null)
    throw new InvalidError(
      'sunset_missing',
      `apis.${api.slug}.versions.${name}.retireAtSunset: give the day as "sunset".`,
    );
  const place = { apiId: api.id, name };
  const before = { retireAtSunset: (await findRetirement(transaction, place)) !== null };
  const after = { retireAtSunset: retireAtSunset && state === 'deprecated' };
  await setRetirement(transaction, place, after.retireAtSunset ? sunset : null);
  const fields = changedFields(before, after);
  if (isNew || fields.length === 0) return;
  changes.push({ action: 'update', noun: 'API version', name: `${api.slug}/${name}`, fields });
}
