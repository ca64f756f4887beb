/** A person's part in an organization. */
export const MEMBERSHIP_ROLES = ['owner', 'admin', 'developer', 'billing'] as const;
export type MembershipRole = (typeof MEMBERSHIP_ROLES)[number];

/** Which roles may do which work in their organization. All that decides about members' rights is in this table. */
const ROLES_BY_PERMISSION = {
  /** Everything of the organization but its audit log and its open invitations. */
  read: ['owner', 'admin', 'developer', 'billing'],
  /** Applications, keys, subscriptions. */
  manage_applications: ['owner', 'admin', 'developer'],
  /** Endpoints that are told of what happens, and their messages. */
  manage_webhooks: ['owner', 'admin', 'developer'],
  /** Cards, billing details, credits, money caps. */
  manage_billing: ['owner', 'admin', 'billing'],
  /** The terms of use of products. */
  accept_terms: ['owner', 'admin', 'developer', 'billing'],
  /** Members, invitations, and what happens to leaked keys. Who may touch whom: `roleMayAssign`. */
  manage_members: ['owner', 'admin'],
  /** The organization's own name. */
  manage_organization: ['owner', 'admin'],
  read_audit_log: ['owner', 'admin'],
  /** All that is kept of the organization, in one file. */
  export_data: ['owner', 'admin'],
  delete_organization: ['owner'],
  leave: ['owner', 'admin', 'developer', 'billing'],
} as const satisfies Readonly<Record<string, readonly MembershipRole[]>>;

export type OrganizationPermission = keyof typeof ROLES_BY_PERMISSION;

export const ORGANIZATION_PERMISSIONS = Object.keys(ROLES_BY_PERMISSION) as readonly OrganizationPermission[];

/** What takes the person themselves, signed in: no token of theirs may do it. */
export const PERSONAL_PERMISSIONS = ['leave', 'export_data', 'delete_organization'] as const;
export type PersonalPermission = (typeof PERSONAL_PERMISSIONS)[number];

/** True for what no token may do. */
export function isPersonal(permission: OrganizationPermission): permission is PersonalPermission {
  return (PERSONAL_PERMISSIONS as readonly OrganizationPermission[]).includes(permission);
}

/** The roles that each role may give and take away, and whose people it may remove. */
const ASSIGNABLE_ROLES: Readonly<Record<MembershipRole, readonly MembershipRole[]>> = {
  owner: ['owner', 'admin', 'developer', 'billing'],
  admin: ['admin', 'developer', 'billing'],
  developer: [],
  billing: [],
};

/** True when `role` may do `permission` in its organization. */
export function roleAllows(role: MembershipRole, permission: OrganizationPermission): boolean {
  return (ROLES_BY_PERMISSION[permission] as readonly MembershipRole[]).includes(role);
}

/** All that `role` may do in its organization. */
export function permissionsOf(role: MembershipRole): readonly OrganizationPermission[] {
  return ORGANIZATION_PERMISSIONS.filter((permission) => roleAllows(role, permission));
}

/** The roles that may do `permission`, the mightiest first. */
export function rolesWith(permission: OrganizationPermission): readonly MembershipRole[] {
  return ROLES_BY_PERMISSION[permission];
}

/** True when somebody with the role `by` may make others `role`, and may change or remove those who have it. */
export function roleMayAssign(by: MembershipRole, role: MembershipRole): boolean {
  return ASSIGNABLE_ROLES[by].includes(role);
}

/** The roles that somebody with the role `by` may give, the mightiest first. */
export function assignableRoles(by: MembershipRole): readonly MembershipRole[] {
  return ASSIGNABLE_ROLES[by];
}
