import { queryOptions } from '@tanstack/react-query';
import { answerOf, client } from './client.js';

export type LeakPolicy = 'revoke' | 'alert';

export const leakPolicyKey = (organizationId: string) => ['organization', organizationId, 'leak-policy'] as const;

export const leakPolicyQuery = (organizationId: string) =>
  queryOptions({
    queryKey: leakPolicyKey(organizationId),
    queryFn: () =>
      answerOf(
        client.GET('/api/v1/organizations/{organizationId}/leak-policy', { params: { path: { organizationId } } }),
      ),
  });

export function decideLeakPolicy(organizationId: string, policy: LeakPolicy) {
  return answerOf(
    client.PUT('/api/v1/organizations/{organizationId}/leak-policy', {
      params: { path: { organizationId } },
      body: { policy },
    }),
  );
}
