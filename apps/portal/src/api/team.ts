import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { answerOf, client, taggedAnswerOf } from './client.js';
import type { Member, Membership } from './types.js';

export type MemberRole = Membership['role'];

export const organizationQuery = (organizationId: string) =>
  queryOptions({
    queryKey: ['organization', organizationId, 'itself'],
    queryFn: () =>
      taggedAnswerOf(client.GET('/api/v1/organizations/{organizationId}', { params: { path: { organizationId } } })),
  });

/** Makes another organization, whose owner one is. */
export function createOrganization(name: string) {
  return answerOf(client.POST('/api/v1/organizations', { body: { name } }));
}

/** @throws ProblemError `changed_meanwhile` when it is not any more what was seen */
export function renameOrganization(organizationId: string, name: string, etag: string) {
  return answerOf(
    client.PATCH('/api/v1/organizations/{organizationId}', {
      params: { path: { organizationId }, header: { 'if-match': etag } },
      body: { name },
    }),
  );
}

/** The members, who joined first at the top, page by page. */
export const membersQuery = (organizationId: string) =>
  infiniteQueryOptions({
    queryKey: ['organization', organizationId, 'members'],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      answerOf(
        client.GET('/api/v1/organizations/{organizationId}/members', {
          params: { path: { organizationId }, query: { ...(pageParam !== undefined && { after: pageParam }) } },
        }),
      ),
    getNextPageParam: ({ next }) => next ?? undefined,
  });

/** @throws ProblemError `changed_meanwhile` among others */
export function changeMemberRole(
  organizationId: string,
  { userId, etag }: Pick<Member, 'userId' | 'etag'>,
  role: MemberRole,
) {
  return answerOf(
    client.PATCH('/api/v1/organizations/{organizationId}/members/{userId}', {
      params: { path: { organizationId, userId }, header: { 'if-match': etag } },
      body: { role },
    }),
  );
}

export function removeMember(organizationId: string, userId: string) {
  const path = { organizationId, userId };
  return answerOf(client.DELETE('/api/v1/organizations/{organizationId}/members/{userId}', { params: { path } }));
}

export function leaveOrganization(organizationId: string) {
  return answerOf(
    client.DELETE('/api/v1/organizations/{organizationId}/membership', { params: { path: { organizationId } } }),
  );
}

/** The open invitations, the newest first, page by page. */
export const invitationsQuery = (organizationId: string) =>
  infiniteQueryOptions({
    queryKey: ['organization', organizationId, 'invitations'],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      answerOf(
        client.GET('/api/v1/organizations/{organizationId}/invitations', {
          params: { path: { organizationId }, query: { ...(pageParam !== undefined && { before: pageParam }) } },
        }),
      ),
    getNextPageParam: ({ next }) => next ?? undefined,
  });

export function inviteMember(organizationId: string, email: string, role: MemberRole) {
  return answerOf(
    client.POST('/api/v1/organizations/{organizationId}/invitations', {
      params: { path: { organizationId } },
      body: { email, role },
    }),
  );
}

export function resendInvitation(organizationId: string, invitationId: string) {
  const path = { organizationId, invitationId };
  return answerOf(
    client.POST('/api/v1/organizations/{organizationId}/invitations/{invitationId}/resend', { params: { path } }),
  );
}

export function withdrawInvitation(organizationId: string, invitationId: string) {
  const path = { organizationId, invitationId };
  return answerOf(
    client.DELETE('/api/v1/organizations/{organizationId}/invitations/{invitationId}', { params: { path } }),
  );
}

/** What the link of an invitation leads to. */
export const invitationQuery = (token: string) =>
  queryOptions({
    queryKey: ['invitation', token],
    retry: false,
    queryFn: () => answerOf(client.POST('/api/v1/invitations/look-up', { body: { token } })),
  });

export function acceptInvitation(token: string) {
  return answerOf(client.POST('/api/v1/invitations/accept', { body: { token } }));
}

export interface AuditFilter {
  readonly actor: string;
  readonly noun: string;
}

const auditQueryOf = ({ actor, noun }: AuditFilter) => ({
  ...(actor.trim() !== '' && { actor: actor.trim() }),
  ...(noun !== '' && { noun }),
});

/** Who changed what in the organization, the newest first, page by page. */
export const organizationAuditLogQuery = (organizationId: string, filter: AuditFilter) =>
  infiniteQueryOptions({
    queryKey: ['organization', organizationId, 'audit-log', filter],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      answerOf(
        client.GET('/api/v1/organizations/{organizationId}/audit-log', {
          params: {
            path: { organizationId },
            query: { limit: 50, ...auditQueryOf(filter), ...(pageParam !== undefined && { before: pageParam }) },
          },
        }),
      ),
    getNextPageParam: ({ next }) => next ?? undefined,
  });

/** Where the same entries are as a file. */
export function auditLogFile(organizationId: string, format: 'csv' | 'ndjson', filter: AuditFilter): string {
  const query = new URLSearchParams(auditQueryOf(filter)).toString();
  return `/api/v1/organizations/${organizationId}/audit-log.${format}${query && `?${query}`}`;
}
