import { useQueries, useQuery } from '@tanstack/react-query';
import { applicationsQuery } from '../api/applications.js';
import { sessionQuery } from '../api/session.js';
import { mayManage } from '../organization/membership.js';

/** More organizations than that are not looked into. */
const MAX_ORGANIZATIONS = 20;

/** An application that calls can be made for. */
export interface Caller {
  readonly organizationId: string;
  readonly applicationId: string;
  /** With its organization, where somebody belongs to several. */
  readonly name: string;
  /** May make keys for it, and calls. */
  readonly mayCall: boolean;
}

export type Callers =
  | { readonly state: 'loading' }
  | { readonly state: 'signed_out' }
  | { readonly state: 'failed'; readonly error: unknown }
  | { readonly state: 'ready'; readonly callers: readonly Caller[] };

/** Who is signed in, and for which applications they could call. */
export function useCallers(): Callers {
  const session = useQuery(sessionQuery);
  const memberships = (session.data?.memberships ?? []).slice(0, MAX_ORGANIZATIONS);
  const lists = useQueries({ queries: memberships.map(({ organization }) => applicationsQuery(organization.id)) });
  const failed = session.error ?? lists.find(({ error }) => error)?.error;
  if (failed) return { state: 'failed', error: failed };
  if (!session.data || lists.some(({ data }) => data === undefined)) return { state: 'loading' };
  if (!session.data.user || session.data.hasEnded) return { state: 'signed_out' };
  const callers = memberships.flatMap(({ organization, permissions }, index) =>
    (lists[index]?.data ?? [])
      .filter(({ suspendedAt }) => suspendedAt === null)
      .map(({ id, name }): Caller => ({
        organizationId: organization.id,
        applicationId: id,
        name: memberships.length > 1 ? `${organization.name}: ${name}` : name,
        mayCall: mayManage(permissions).applications,
      })),
  );
  return { state: 'ready', callers };
}
