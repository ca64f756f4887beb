import type { Membership } from '../api/types.js';

/** The membership to work in: the one chosen before if it still exists, else the first; null without any. */
export function chosenMembership(memberships: readonly Membership[], chosenId: string | null): Membership | null {
  return memberships.find(({ organization }) => organization.id === chosenId) ?? memberships[0] ?? null;
}

/** What a member may change. The API decides, and names the permissions; this only keeps buttons away that it would refuse. */
export function mayManage(permissions: Membership['permissions']): {
  readonly applications: boolean;
  readonly webhooks: boolean;
  readonly billing: boolean;
  readonly members: boolean;
  readonly organization: boolean;
} {
  return {
    applications: permissions.includes('manage_applications'),
    webhooks: permissions.includes('manage_webhooks'),
    billing: permissions.includes('manage_billing'),
    members: permissions.includes('manage_members'),
    organization: permissions.includes('manage_organization'),
  };
}
