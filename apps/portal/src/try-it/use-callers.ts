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
  /** Why no key can be made for it, and no call; null when they can. */
  readonly hindrance: CallHindrance | null;
}

/** The role of the person may not; or calls are refused, of all the organization or of the application. */
export type CallHindrance = 'role' | 'suspended';

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
    (lists[index]?.data ?? []).map(({ id, name, suspendedAt }): Caller => ({
      organizationId: organization.id,
      applicationId: id,
      name: memberships.length > 1 ? `${organization.name}: ${name}` : name,
      hindrance:
        suspendedAt !== null || organization.suspendedAt !== null
          ? 'suspended'
          : mayManage(permissions).applications
            ? null
            : 'role',
    })),
  );
  return { state: 'ready', callers };
}
