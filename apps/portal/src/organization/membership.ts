import type { Membership } from '../api/types.js';

/** The membership to work in: the one chosen before if it still exists, else the first; null without any. */
export function chosenMembership(memberships: readonly Membership[], chosenId: string | null): Membership | null {
  return memberships.find(({ organization }) => organization.id === chosenId) ?? memberships[0] ?? null;
}

/** What a role may change. The API decides; this only keeps buttons away that it would refuse. */
export function mayManage(role: Membership['role']): {
  readonly applications: boolean;
  readonly billing: boolean;
  readonly members: boolean;
} {
  return {
    applications: role !== 'billing',
    billing: role !== 'developer',
    members: role === 'owner' || role === 'admin',
  };
}
