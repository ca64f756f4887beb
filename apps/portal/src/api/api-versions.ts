import { queryOptions } from '@tanstack/react-query';
import { MOST_OF_A_PAGE, answerOf, client, everyEntry, pageAfter, taggedAnswerOf } from './client.js';
import type { paths } from './schema.generated.js';
import type { ApiVersionCaller } from './types.js';

type Body<Path extends keyof paths> = paths[Path] extends {
  post: { requestBody: { content: { 'application/json': infer Sent } } };
}
  ? Sent
  : never;

export type NewApiVersion = Body<'/api/v1/publisher/apis/{api}/versions'>;
export type Deprecation = Body<'/api/v1/publisher/apis/{api}/versions/{version}/deprecate'>;

/** Which version of which API, by their names. */
export interface ApiVersionName {
  readonly api: string;
  readonly version: string;
}

/** The same as it was seen: changed only while it is that. */
export interface SeenApiVersion extends ApiVersionName {
  readonly etag: string;
}

/** Who has called a version lately. */
export interface ApiVersionCallers {
  /** The version to use in its place; null when there is none. */
  readonly latest: string | null;
  readonly callers: readonly ApiVersionCaller[];
}

const ofVersion = ({ api, version }: ApiVersionName) => ({ path: { api, version } });
const seen = ({ etag, ...name }: SeenApiVersion) => ({ ...ofVersion(name), header: { 'if-match': etag } });

/** The APIs of one's publisher teams with their versions, drafts too. */
export const publisherApisQuery = queryOptions({
  queryKey: ['publisher', 'apis'],
  queryFn: () =>
    everyEntry(
      (place) =>
        answerOf(client.GET('/api/v1/publisher/apis', { params: { query: pageAfter(place, MOST_OF_A_PAGE) } })),
      (page) => page.apis,
    ),
});

/** Adds an API, of the only team of its publisher where none is given. @throws ProblemError `api_exists` among others */
export function createApi(api: { readonly slug: string; readonly title: string; readonly publisher?: string }) {
  return answerOf(client.POST('/api/v1/publisher/apis', { body: api }));
}

/** A version, with the ETag to change it by. */
export const apiVersionQuery = ({ api, version }: ApiVersionName) =>
  queryOptions({
    queryKey: ['publisher', 'api-version', api, version],
    queryFn: () =>
      taggedAnswerOf(
        client.GET('/api/v1/publisher/apis/{api}/versions/{version}', { params: ofVersion({ api, version }) }),
      ),
  });

/** All applications that have called a version lately, those with the most calls first, and the version that they should move to. */
export const apiVersionCallersQuery = ({ api, version }: ApiVersionName) =>
  queryOptions({
    queryKey: ['publisher', 'api-version-callers', api, version],
    queryFn: async (): Promise<ApiVersionCallers> => {
      let latest: string | null = null;
      const callers = await everyEntry(
        async (place) => {
          const page = await answerOf(
            client.GET('/api/v1/publisher/apis/{api}/versions/{version}/callers', {
              params: { ...ofVersion({ api, version }), query: pageAfter(place, MOST_OF_A_PAGE) },
            }),
          );
          latest = page.latest;
          return page;
        },
        (page) => page.callers,
      );
      return { latest, callers };
    },
  });

/** Where the document of a version is, a draft's too. */
export function documentHref({ api, version }: ApiVersionName): string {
  return `/api/v1/publisher/apis/${encodeURIComponent(api)}/versions/${encodeURIComponent(version)}/document`;
}

/**
 * What a document would be as a version; against the newest that callers have unless said. Saves nothing.
 * @throws ProblemError `openapi_syntax` among others
 */
export function checkDocument(api: string, source: string, against?: string) {
  return answerOf(
    client.POST('/api/v1/publisher/apis/{api}/document-check', {
      params: { path: { api } },
      body: { source, ...(against !== undefined && { against }) },
    }),
  );
}

/** @throws ProblemError `api_version_exists`, `place_taken`, `upstream_refused` among others */
export function createApiVersion(api: string, version: NewApiVersion) {
  return taggedAnswerOf(
    client.POST('/api/v1/publisher/apis/{api}/versions', { params: { path: { api } }, body: version }),
  );
}

/** @throws ProblemError `document_breaks_callers`, `changed_meanwhile` among others */
export function replaceDocument(version: SeenApiVersion, source: string) {
  return taggedAnswerOf(
    client.PUT('/api/v1/publisher/apis/{api}/versions/{version}/document', {
      params: seen(version),
      body: { source },
    }),
  );
}

/** @throws ProblemError `api_version_published`, `changed_meanwhile` among others */
export function publishApiVersion(version: SeenApiVersion) {
  return taggedAnswerOf(
    client.POST('/api/v1/publisher/apis/{api}/versions/{version}/publish', { params: seen(version) }),
  );
}

/** @throws ProblemError `sunset_past`, `changed_meanwhile` among others */
export function deprecateApiVersion(version: SeenApiVersion, deprecation: Deprecation) {
  return taggedAnswerOf(
    client.POST('/api/v1/publisher/apis/{api}/versions/{version}/deprecate', {
      params: seen(version),
      body: deprecation,
    }),
  );
}

/** @throws ProblemError `api_version_not_published`, `changed_meanwhile` among others */
export function retireApiVersion(version: SeenApiVersion) {
  return taggedAnswerOf(
    client.POST('/api/v1/publisher/apis/{api}/versions/{version}/retire', { params: seen(version) }),
  );
}

/** @throws ProblemError `api_version_published`, `changed_meanwhile` among others */
export function deleteApiVersionDraft(version: SeenApiVersion) {
  return answerOf(client.DELETE('/api/v1/publisher/apis/{api}/versions/{version}', { params: seen(version) }));
}
