import type { ApiVersion, VersionPolicies } from '#domain';
import { type JsonObject, contractFromDocument, readOpenApiDocument, routesFromDocument } from '#openapi';

/** A version of an API as `tollgate apply` makes it from a document with these paths and schemas. */
export function documentedVersion(
  { paths, schemas = {} }: { readonly paths: JsonObject; readonly schemas?: JsonObject },
  policies: VersionPolicies,
): Pick<ApiVersion, 'routes' | 'contract' | 'policies'> {
  const document = readOpenApiDocument({
    openapi: '3.1.0',
    info: { title: 'Things', version: '1' },
    paths,
    components: { schemas },
  });
  const { contract } = contractFromDocument(document, { isMocked: policies.mock !== undefined });
  const routes = routesFromDocument(document).map((route) => ({ ...route, tags: [] }));
  return { routes, contract: { ...contract }, policies };
}
