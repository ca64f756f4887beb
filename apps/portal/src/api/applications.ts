import { queryOptions } from '@tanstack/react-query';
import { answerOf, client } from './client.js';

export const applicationsQuery = (organizationId: string) =>
  queryOptions({
    queryKey: ['organization', organizationId, 'applications'],
    queryFn: async () =>
      (
        await answerOf(
          client.GET('/api/v1/organizations/{organizationId}/applications', { params: { path: { organizationId } } }),
        )
      ).applications,
  });

export const applicationQuery = (organizationId: string, applicationId: string) =>
  queryOptions({
    queryKey: ['organization', organizationId, 'applications', applicationId],
    queryFn: () =>
      answerOf(
        client.GET('/api/v1/organizations/{organizationId}/applications/{applicationId}', {
          params: { path: { organizationId, applicationId } },
        }),
      ),
  });

export function createApplication(organizationId: string, name: string) {
  return answerOf(
    client.POST('/api/v1/organizations/{organizationId}/applications', {
      params: { path: { organizationId } },
      body: { name },
    }),
  );
}
