import { queryOptions } from '@tanstack/react-query';
import type { PolicyWords } from '../policy-editor/policy-words.js';
import type { ApiVersionName } from './api-versions.js';
import { client, taggedAnswerOf } from './client.js';
import type { paths } from './schema.generated.js';

const path = '/api/v1/publisher/apis/{api}/versions/{version}/policies';
export type Policies = paths[typeof path]['put']['requestBody']['content']['application/json'];

/** The policies of a version as their publisher edits them, with the ETag to change them by. */
export const policiesQuery = ({ api, version }: ApiVersionName) =>
  queryOptions({
    queryKey: ['publisher', 'policies', api, version],
    queryFn: () => taggedAnswerOf(client.GET(path, { params: { path: { api, version } } })),
  });

/** @throws ProblemError `policies_refused`, `changed_meanwhile` among others */
export function replacePolicies({ api, version }: ApiVersionName, etag: string, words: PolicyWords) {
  return taggedAnswerOf(
    client.PUT(path, {
      params: { path: { api, version }, header: { 'if-match': etag } },
      // What goes without saying is left out.
      body: words as Policies,
    }),
  );
}
