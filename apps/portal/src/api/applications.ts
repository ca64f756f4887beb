import { queryOptions } from '@tanstack/react-query';
import { MOST_OF_A_PAGE, answerOf, client, everyEntry, pageBefore, taggedAnswerOf } from './client.js';

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
      taggedAnswerOf(
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

/** An application as it was seen. */
interface SeenApplication {
  readonly organizationId: string;
  readonly applicationId: string;
  readonly etag: string;
}

/** @throws ProblemError `changed_meanwhile` when it is not any more what was seen */
export function renameApplication({ etag, ...path }: SeenApplication, name: string) {
  return answerOf(
    client.PATCH('/api/v1/organizations/{organizationId}/applications/{applicationId}', {
      params: { path, header: { 'if-match': etag } },
      body: { name },
    }),
  );
}

/** Ends it and its keys for good. */
export function deleteApplication(organizationId: string, applicationId: string) {
  return answerOf(
    client.DELETE('/api/v1/organizations/{organizationId}/applications/{applicationId}', {
      params: { path: { organizationId, applicationId } },
    }),
  );
}
