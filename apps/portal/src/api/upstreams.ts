import { queryOptions } from '@tanstack/react-query';
import type { UpstreamWords } from '../upstream-editor/upstream-words.js';
import type { ApiVersionName } from './api-versions.js';
import { client, taggedAnswerOf } from './client.js';
import type { paths } from './schema.generated.js';

const path = '/api/v1/publisher/apis/{api}/versions/{version}/upstream';
type Body = paths[typeof path]['put']['requestBody']['content']['application/json'];

/** The upstream of a version as its publisher edits it, with the ETag to change it by. */
export const upstreamQuery = ({ api, version }: ApiVersionName) =>
  queryOptions({
    queryKey: ['publisher', 'upstream', api, version],
    queryFn: () => taggedAnswerOf(client.GET(path, { params: { path: { api, version } } })),
  });

/** @throws ProblemError `upstream_refused`, `secret_missing`, `changed_meanwhile` among others */
export function replaceUpstream({ api, version }: ApiVersionName, etag: string, words: UpstreamWords) {
  return taggedAnswerOf(
    client.PUT(path, {
      params: { path: { api, version }, header: { 'if-match': etag } },
      // What is not on the page goes back as it came.
      body: words as Body,
    }),
  );
}
