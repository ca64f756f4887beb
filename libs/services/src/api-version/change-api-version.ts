import { type ApiVersion, ConflictError, type EncryptionKey } from '#domain';
import { type Actor, saveApiVersion, setRetirement } from '#persistence';
import type { ApplyWork } from '../catalog/apply-catalog.js';
import { changedFields } from '../catalog/catalog-change.js';
import { type ChangeWork, changeCatalog } from '../catalog/change-catalog.js';
import { lifeOf } from '../catalog/write-api-version.js';
import type { ServiceContext } from '../context.js';
import { type ApiVersionView, viewOf } from './api-version-view.js';
import { type EditedApiVersion, type OwnApiVersion, findOwnApiVersion } from './own-api.js';

/** Who changes a version, with what. */
export interface ApiVersionChange extends EditedApiVersion {
  readonly encryptionKeys: readonly EncryptionKey[];
  readonly actor: Actor;
  /** Looks at what is there, locked; throws to refuse the change. */
  readonly check?: (current: ApiVersionView) => void;
}

/** A change of the catalogue that can seal what is secret. */
export type CatalogWork = ChangeWork & Pick<ApplyWork, 'encryptionKeys'>;
export type { OwnApiVersion };

const actions = { draft: 'update', published: 'publish', deprecated: 'update', retired: 'retire' } as const;

/** Changes a version of a person's publisher teams, after `check` has seen it. @throws NotFoundError `api_not_found`, `api_version_not_found` */
export function changeVersion<Result>(
  context: ServiceContext,
  change: ApiVersionChange,
  alter: (work: CatalogWork, own: OwnApiVersion) => Promise<Result>,
): Promise<Result> {
  const { actor, encryptionKeys } = change;
  return changeCatalog(context, actor, async (work) => {
    const own = await findOwnApiVersion(work.transaction, change);
    change.check?.(viewOf(own));
    return alter({ ...work, encryptionKeys }, own);
  });
}

/** Where a version is on its way from draft to end. */
export interface VersionLife extends Pick<ApiVersion, 'state' | 'sunsetOn'> {
  /** Whether it is switched off by itself on that day. */
  readonly retiresAtSunset: boolean;
}

/** Puts a version into another state, and writes down what that changed; nothing when it is there already. */
export async function saveState(
  { context, transaction, changes }: ChangeWork,
  { api, version, retiresAtSunset }: OwnApiVersion,
  next: VersionLife,
): Promise<void> {
  const current: VersionLife = { state: version.state, sunsetOn: version.sunsetOn, retiresAtSunset };
  const fields = changedFields({ ...current }, { ...next });
  if (fields.length === 0) return;
  const { state, sunsetOn } = next;
  await saveApiVersion(transaction, {
    ...version,
    state,
    sunsetOn,
    ...lifeOf(version, state, context.clock.now()),
  });
  const place = { apiId: api.id, name: version.name };
  await setRetirement(transaction, place, next.retiresAtSunset ? sunsetOn : null);
  changes.push({ action: actions[next.state], noun: 'API version', name: `${api.slug}/${version.name}`, fields });
}

/** @throws ConflictError `api_version_not_published` for a version that nobody can call */
export function requireCallable({ state }: ApiVersion): void {
  if (state === 'published' || state === 'deprecated') return;
  throw new ConflictError('api_version_not_published', `The version is ${state}: nobody can call it.`);
}
