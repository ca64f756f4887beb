import { type Upstream, asChangedFrom } from '#domain';
import { type UpstreamInFile, upstreamInFile } from '../catalog/catalog-file.js';
import { changeCatalog } from '../catalog/change-catalog.js';
import { upstreamToFile } from '../catalog/export/upstream-to-file.js';
import { withoutDefaults } from '../catalog/export/without-defaults.js';
import { RefusedInPlacesError } from '../catalog/refused-in-places-error.js';
import { applyUpstreamSecrets, upstreamOf } from '../catalog/upstream-from-file.js';
import { type UpstreamRules, upstreamInFileFaults } from '../catalog/upstream-in-file-faults.js';
import { writeUpstream } from '../catalog/write-api-version.js';
import type { ServiceContext } from '../context.js';
import { withoutCredentials } from './api-version-view.js';
import type { ApiVersionChange } from './change-api-version.js';
import { type EditedApiVersion, findOwnApiVersion } from './own-api.js';
import { storedPasswords } from './stored-passwords.js';

/** The upstream of a version as its publisher edits it. */
export interface UpstreamToEdit {
  /** In the words of the catalogue file, without what goes without saying and the values of secrets; null where the document answers. */
  readonly upstream: Readonly<Record<string, unknown>> | null;
}

/** @throws NotFoundError `api_not_found`, `api_version_not_found` */
export async function findUpstreamToEdit(context: ServiceContext, edited: EditedApiVersion): Promise<UpstreamToEdit> {
  const { version } = await context.unitOfWork.inSystem((transaction) => findOwnApiVersion(transaction, edited));
  return toEdit(version.upstream);
}

export interface ReplaceUpstreamInput extends Omit<ApiVersionChange, 'check'>, UpstreamRules {
  readonly upstream: UpstreamInFile;
  /** Looks at what is there, locked; throws to refuse the change. */
  readonly check: (current: UpstreamToEdit) => void;
}

/**
 * Sends the calls of a version elsewhere, or otherwise, from the next second on. A secret that is not said stays where all places are what they
 * were, and is never sent anywhere new; a password within an address stays where the address does. Shares of subsets that differ from what the file has are remembered as changed, as `changeShares` does.
 * @throws NotFoundError `api_not_found`, `api_version_not_found`; RefusedInPlacesError with every fault; InvalidError `secret_missing`,
 *   `catalog_invalid` for policies of the version that do not fit; what `check` throws
 */
export function replaceUpstream(
  context: ServiceContext,
  { upstream: words, check, actor, encryptionKeys, ...input }: ReplaceUpstreamInput,
): Promise<void> {
  return changeCatalog(context, actor, async (changed) => {
    const { api, version } = await findOwnApiVersion(changed.transaction, input);
    check(toEdit(version.upstream));
    const name = `${api.slug}/${version.name}`;
    const faults = upstreamInFileFaults(words, input);
    if (faults.length > 0) throw new RefusedInPlacesError('upstream_refused', `${name}.upstream`, faults);
    const said = withStoredPasswords(upstreamOf(words), version.upstream);
    const before = version.upstream?.traffic;
    const traffic = said.traffic && before ? asChangedFrom(before, said.traffic) : said.traffic;
    const upstream: Upstream = { ...said, ...(traffic && { traffic }) };
    const work = { ...changed, encryptionKeys, unsetSecrets: new Map<string, string>() };
    const sealed = await applyUpstreamSecrets(work, { name, current: version, desired: upstream }, words);
    const { secretChanges, ...secrets } = sealed;
    await writeUpstream(work, { api, current: version, placed: { upstream, ...secrets }, secretChanges });
  });
}

function toEdit(upstream: Upstream | null): UpstreamToEdit {
  if (upstream === null) return { upstream: null };
  const shown = withAddresses(upstream, withoutCredentials);
  return { upstream: withoutDefaults(upstreamInFile, upstreamToFile(shown)) as Readonly<Record<string, unknown>> };
}

function withStoredPasswords(upstream: Upstream, stored: Upstream | null): Upstream {
  if (stored === null) return upstream;
  return withAddresses(upstream, storedPasswords([stored.url, ...(stored.targets ?? []).map(({ url }) => url)]));
}

/** The same upstream with the address of each place as `change` has it. */
function withAddresses(upstream: Upstream, change: (address: string) => string): Upstream {
  const { url, targets } = upstream;
  return {
    ...upstream,
    url: change(url),
    ...(targets && { targets: targets.map((target) => ({ ...target, url: change(target.url) })) }),
  };
}
