import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { MOST_OF_A_PAGE, answerOf, client, everyEntry, pageAfter } from './client.js';
import type { AnswerOf } from './types.js';

export type User = AnswerOf<'/api/v1/operator/users', 'get'>['users'][number];
export type StaffRole = User['staffRoles'][number];

/** Everybody who has signed up, by address, page by page. */
export const usersQuery = (search: string, staff: boolean) =>
  infiniteQueryOptions({
    queryKey: ['operator', 'users', search, staff],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      answerOf(
        client.GET('/api/v1/operator/users', {
          params: {
            query: {
              ...(search.trim() !== '' && { search: search.trim() }),
              ...(staff && { staff: 'true' }),
              ...(pageParam !== undefined && { after: pageParam }),
            },
          },
        }),
      ),
    getNextPageParam: ({ next }) => next ?? undefined,
  });

export const publisherTeamsQuery = queryOptions({
  queryKey: ['operator', 'publisher-teams'],
  queryFn: () =>
    everyEntry(
      (place) =>
        answerOf(
          client.GET('/api/v1/operator/publisher-teams', { params: { query: pageAfter(place, MOST_OF_A_PAGE) } }),
        ),
      (page) => page.teams,
    ),
});

/** @throws ProblemError `publisher_team_exists` among others */
export function createPublisherTeam(team: { readonly slug: string; readonly name: string }) {
  return answerOf(client.POST('/api/v1/operator/publisher-teams', { body: team }));
}

export function setStaffRole(userId: string, role: StaffRole, isGranted: boolean) {
  const params = { params: { path: { userId, role } } };
  const path = '/api/v1/operator/users/{userId}/staff-roles/{role}';
  return answerOf(isGranted ? client.PUT(path, params) : client.DELETE(path, params));
}

export function setPublisherTeam(userId: string, team: string, isGranted: boolean) {
  const params = { params: { path: { userId, team } } };
  const path = '/api/v1/operator/users/{userId}/publisher-teams/{team}';
  return answerOf(isGranted ? client.PUT(path, params) : client.DELETE(path, params));
}

/** Turns two-factor authentication off for somebody who has lost it; ends their sessions and tells them by mail. */
export function resetSecondFactor(userId: string, reason: string) {
  return answerOf(
    client.POST('/api/v1/operator/users/{userId}/second-factor/reset', {
      params: { path: { userId } },
      body: { reason },
    }),
  );
}
