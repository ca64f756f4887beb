import type { ApiVersion } from '#domain';
import { type JsonObject, readOpenApiDocument } from '#openapi';
import type { PoliciesInFile } from '../catalog/catalog-file.js';
import { policiesInFileFaults } from '../catalog/policies-in-file-faults.js';
import { policyMisfits } from '../catalog/policy-misfits.js';
import { type PlacedFault, RefusedInPlacesError } from '../catalog/refused-in-places-error.js';
import { translationOf } from '../catalog/translation-in-file.js';
import type { UpstreamRules } from '../catalog/upstream-in-file-faults.js';
import { writeApiVersion } from '../catalog/write-api-version.js';
import type { ServiceContext } from '../context.js';
import { type ApiVersionChange, changeVersion } from './change-api-version.js';
import { type EditedApiVersion, findOwnApiVersion } from './own-api.js';
import { type PoliciesToEdit, fileFaults, policiesToEdit, withStoredPasswords } from './policies-to-edit.js';

/** @throws NotFoundError `api_not_found`, `api_version_not_found` */
export async function findPoliciesToEdit(context: ServiceContext, edited: EditedApiVersion): Promise<PoliciesToEdit> {
  const { version } = await context.unitOfWork.inSystem((transaction) => findOwnApiVersion(transaction, edited));
  return policiesToEdit(version.policies);
}

export interface ReplacePoliciesInput extends Omit<ApiVersionChange, 'check'>, UpstreamRules {
  readonly policies: PoliciesInFile;
  /** Looks at what is there, locked; throws to refuse the change. */
  readonly check: (current: PoliciesToEdit) => void;
}

/**
 * Has gateways do this with the calls of a version from the next second on, and nothing else: a section that is absent is off. Returns remarks on
 * what of it will not be done, such as patterns that are not checked. A password within an address stays where the address does.
 * @throws NotFoundError `api_not_found`, `api_version_not_found`; RefusedInPlacesError `policies_refused` with every fault; what `check` throws
 */
export function replacePolicies(
  context: ServiceContext,
  { policies: words, check, ...input }: ReplacePoliciesInput,
): Promise<readonly string[]> {
  return changeVersion(context, input, async (work, { api, version }) => {
    check(policiesToEdit(version.policies));
    const said = withStoredPasswords(words, version.policies);
    const faults = await faultsOf(said, version, input);
    if (faults.length > 0)
      throw new RefusedInPlacesError('policies_refused', `${api.slug}/${version.name}.policies`, faults);
    await writeApiVersion(work, {
      api,
      current: version,
      document: readOpenApiDocument(version.document as JsonObject),
      desired: { ...version, policies: await translationOf(said) },
    });
    return work.changes.flatMap(({ remarks = [] }) => remarks);
  });
}

async function faultsOf(
  policies: PoliciesInFile,
  { upstream, routes }: ApiVersion,
  rules: UpstreamRules,
): Promise<readonly PlacedFault[]> {
  const faults = [
    ...policiesInFileFaults(policies, rules),
    ...fileFaults(policies),
    ...(upstream || policies.mock
      ? []
      : [{ path: 'mock', message: 'the version has no upstream: give it one first, or leave the mock on' }]),
  ];
  // What stands for a file cannot be read as what is in it.
  if (faults.length > 0) return faults;
  return (await policyMisfits({ policies, routes, upstream })).map(belowPolicies);
}

/** A translation that does not go with the upstream is a fault of the translation here. */
function belowPolicies({ path, message }: PlacedFault): PlacedFault {
  const [first, ...others] = path.split('.');
  return first === 'policies'
    ? { path: others.join('.'), message }
    : { path: 'translation', message: `${path} of the version: ${message}` };
}
