import { queryOptions } from '@tanstack/react-query';
import { MOST_OF_A_PAGE, answerOf, client, everyEntry, pageBefore } from './client.js';

export const applicationsQuery = (organizationId: string) =>
  queryOptions({
    queryKey: ['organization', organizationId, 'applications'],
    queryFn: () =>
      everyEntry(
        (place) =>
          answerOf(
            client.GET('/api/v1/organizations/{organizationId}/applications', {
              params: { path: { organizationId }, query: pageBefore(place, MOST_OF_A_PAGE) },
            }),
          ),
        (page) => page.applications,
      ),
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
