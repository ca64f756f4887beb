import {
  ORGANIZATION_PERMISSIONS,
  type OrganizationPermission,
  type PersonalPermission,
  isPersonal,
  roleAllows,
} from '../consumer/organization-role.js';
import type { MembershipRole } from '../consumer/organization-role.js';
import type { FillRandom } from '../id/uuid-v7.js';
import { STAFF_ROLES, type StaffRole } from '../publisher/publisher-team.js';
import { type ParsedToken, generatePrefixedToken, parsePrefixedToken } from './prefixed-token.js';

const PREFIX = 'tgp';

/** What a personal access token may be for: each route asks for one. Nobody leaves or deletes an organization by a token. */
export const ACCESS_TOKEN_SCOPES = [
  ...ORGANIZATION_PERMISSIONS.filter((permission) => !isPersonal(permission)),
  'publisher',
  ...STAFF_ROLES,
] as readonly AccessTokenScope[];

export type AccessTokenScope = Exclude<OrganizationPermission, PersonalPermission> | 'publisher' | StaffRole;

export const ACCESS_TOKEN_RULES = {
  maxLifeMs: 366 * 86_400_000,
  /** Of one person, neither revoked nor expired. */
  maxLive: 50,
} as const;

/** A person's token for command line and CI, without its secret. */
export interface AccessToken {
  readonly id: string;
  readonly userId: string;
  readonly name: string;
  /** Public: `tgp_` and this is how the token is written in logs. */
  readonly tokenId: string;
  readonly scopes: readonly AccessTokenScope[];
  readonly createdAt: Date;
  readonly expiresAt: Date;
  /** To the minute. */
  readonly lastUsedAt: Date | null;
  readonly revokedAt: Date | null;
}

/** A new token `tgp_…`; see `generatePrefixedToken`. */
export function generateAccessToken(fillRandom: FillRandom): { readonly token: string; readonly parsed: ParsedToken } {
  return generatePrefixedToken(PREFIX, fillRandom);
}

/** The parts of a well-formed token whose checksum fits, else null. Costs no look-up. */
export function parseAccessToken(token: string): ParsedToken | null {
  return parsePrefixedToken(PREFIX, token);
}

/** The scopes that somebody with these roles can give a token: what they may do themselves, anywhere. */
export function scopesWithin({
  memberships,
  staffRoles,
  isPublisher,
}: {
  readonly memberships: readonly MembershipRole[];
  readonly staffRoles: readonly StaffRole[];
  readonly isPublisher: boolean;
}): readonly AccessTokenScope[] {
  return ACCESS_TOKEN_SCOPES.filter((scope) => {
    if (scope === 'publisher') return isPublisher;
    if ((STAFF_ROLES as readonly string[]).includes(scope)) return staffRoles.includes(scope as StaffRole);
    return memberships.some((role) => roleAllows(role, scope as OrganizationPermission));
  });
}
