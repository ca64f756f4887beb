import { queryOptions } from '@tanstack/react-query';
import { answerOf, client } from './client.js';
import type { DeletionRequest } from './types.js';
import { userKey } from './user.js';

/** Where a ZIP archive can be loaded from, in this session and for ten minutes; the person's own without an organization. */
export async function requestExport(organizationId: string | null, password: string | undefined): Promise<string> {
  const body = password === undefined ? {} : { password };
  const { url } = await answerOf(
    organizationId === null
      ? client.POST('/api/v1/user/export', { body })
      : client.POST('/api/v1/organizations/{organizationId}/export', { params: { path: { organizationId } }, body }),
  );
  return url;
}

/** What deleting the account would do, and what keeps it. */
export const personDeletionQuery = queryOptions({
  queryKey: [...userKey, 'deletion'],
  staleTime: 0,
  queryFn: () => answerOf(client.GET('/api/v1/user/deletion')),
});

/** @throws ProblemError `deletion_blocked`, `code_needed` and `wrong_password` among others */
export function deleteAccount(body: DeletionRequest) {
  return answerOf(client.POST('/api/v1/user/deletion', { body }));
}

/** What keeps an organization from being deleted. */
export const organizationDeletionQuery = (organizationId: string) =>
  queryOptions({
    queryKey: ['organization', organizationId, 'deletion'],
    staleTime: 0,
    queryFn: () =>
      answerOf(client.GET('/api/v1/organizations/{organizationId}/deletion', { params: { path: { organizationId } } })),
  });

/** @throws ProblemError as `deleteAccount` */
export function deleteOrganization(organizationId: string, body: DeletionRequest) {
  return answerOf(
    client.POST('/api/v1/organizations/{organizationId}/deletion', { params: { path: { organizationId } }, body }),
  );
}
