import { type ApiVersion, transformationRouteFaults } from '#domain';
import type { PlacedFault } from './refused-in-places-error.js';
import { translationMisfits } from './translation-in-file.js';

/** What of a version's policies does not fit its operations or its upstream, at paths below the version: "policies.transformations.0.selector". */
export async function policyMisfits(
  version: Pick<ApiVersion, 'policies' | 'routes' | 'upstream'>,
): Promise<readonly PlacedFault[]> {
  const { policies, routes, upstream } = version;
  const ownHeaders = [upstream?.credentialHeader, upstream?.token?.header].filter((header) => header !== undefined);
  const transformations = transformationRouteFaults(policies.transformations ?? [], routes, ownHeaders);
  return [
    ...transformations.map(({ path, message }) => ({
      path: ['policies', 'transformations', ...path].join('.'),
      message,
    })),
    ...(await translationMisfits(version)).map(({ path, message }) => ({ path: path.join('.'), message })),
  ];
}
