import {
  type ApiVersion,
  type TransformationDefinition,
  type TranslationPolicy,
  type VersionPolicies,
  selectsOperation,
} from '#domain';
import type { TranslationFault } from '#translation';

/** What is stored of the translation in a catalogue file: descriptors without the comments of their sources. */
export async function translationOf(policies: VersionPolicies): Promise<VersionPolicies> {
  const grpc = policies.translation?.grpc;
  if (!grpc) return policies;
  return { ...policies, translation: { grpc: { ...grpc, descriptors: await shortened(grpc.descriptors) } } };
}

/** What cannot be read is told of when it is checked. */
async function shortened(descriptors: string): Promise<string> {
  const { withoutSources } = await loadTranslation();
  try {
    return withoutSources(descriptors);
  } catch {
    return descriptors;
  }
}

/** Most processes never need what reads other protocols, which is tens of megabytes. */
function loadTranslation() {
  return import('#translation');
}

/** What of a translation does not fit the version's operations, upstream or transformations, at paths below the version; empty without one. */
export async function translationMisfits(
  version: Pick<ApiVersion, 'policies' | 'routes' | 'upstream'>,
): Promise<TranslationFault[]> {
  const { policies, routes } = version;
  if (!policies.translation) return [];
  return [
    ...(await translationFaults(policies.translation, version)),
    ...transformationFaults(policies.transformations ?? [], routes),
  ];
}

async function translationFaults(
  { grpc, graphql, soap }: TranslationPolicy,
  { policies, routes, upstream }: Pick<ApiVersion, 'policies' | 'routes' | 'upstream'>,
): Promise<TranslationFault[]> {
  const { compileGraphql, compileGrpc, compileSoap } = await loadTranslation();
  if (graphql) return within('graphql', compileGraphql(graphql, routes).faults);
  if (soap) return within('soap', compileSoap(soap, routes).faults);
  if (!grpc) return [];
  const faults = within('grpc', compileGrpc(grpc, routes).faults);
  const message = 'gRPC is spoken by HTTP/2 only: expected h2';
  if (upstream && upstream.protocol !== 'h2') faults.push({ path: ['upstream', 'protocol'], message });
  if (policies.testUpstream && policies.testUpstream.protocol !== 'h2')
    faults.push({ path: ['policies', 'testUpstream', 'protocol'], message });
  return faults;
}

function within(protocol: string, faults: readonly TranslationFault[]): TranslationFault[] {
  return faults.map(({ path, message }) => ({ path: ['policies', 'translation', protocol, ...path], message }));
}

/** The path, query and body of a translated request are those of the other protocol, which the translation says. */
function transformationFaults(
  definitions: readonly TransformationDefinition[],
  routes: ApiVersion['routes'],
): TranslationFault[] {
  return definitions.flatMap(({ selector, request }, index) => {
    if (!request || !routes.some((route) => selectsOperation(selector, route))) return [];
    return (['path', 'query', 'body'] as const)
      .filter((part) => request[part] !== undefined)
      .map((part) => ({
        path: ['policies', 'transformations', String(index), 'request', part],
        message:
          'a request that is translated has this from the translation; its headers and the response can be changed',
      }));
  });
}
