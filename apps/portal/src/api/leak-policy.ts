import { queryOptions } from '@tanstack/react-query';
import { client, taggedAnswerOf } from './client.js';

export type LeakPolicy = 'revoke' | 'alert';

export const leakPolicyKey = (organizationId: string) => ['organization', organizationId, 'leak-policy'] as const;

export const leakPolicyQuery = (organizationId: string) =>
  queryOptions({
    queryKey: leakPolicyKey(organizationId),
    queryFn: () =>
      taggedAnswerOf(
        client.GET('/api/v1/organizations/{organizationId}/leak-policy', { params: { path: { organizationId } } }),
      ),
  });

/** @throws ProblemError `changed_meanwhile` among others */
export function decideLeakPolicy(organizationId: string, policy: LeakPolicy, etag: string) {
  return taggedAnswerOf(
    client.PUT('/api/v1/organizations/{organizationId}/leak-policy', {
      params: { path: { organizationId }, header: { 'if-match': etag } },
      body: { policy },
    }),
  );
}
