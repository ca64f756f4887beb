import { type AccessTokenScope, type OrganizationPermission, type StaffRole, isPersonal } from '#domain';
import { SetMetadata } from '@nestjs/common';
import { ApiSecurity } from '@nestjs/swagger';
import { applyDecorators } from '@nestjs/common';

/** Who may call a route. Every route says so; one that does not is refused. */
export type Access =
  | { readonly kind: 'public' }
  | { readonly kind: 'user' }
  | { readonly kind: 'organization'; readonly permission: OrganizationPermission }
  | { readonly kind: 'staff'; readonly role: StaffRole }
  | { readonly kind: 'publisher' }
  | { readonly kind: 'ingest_token' };

export const ACCESS = 'tollgate:access';

/** Anybody may call this. */
export const Public = () => SetMetadata(ACCESS, { kind: 'public' } satisfies Access);

/** Anybody who is signed in, for what is theirs. Not for personal access tokens: a token makes no tokens. */
export const ForUsers = () => signedIn({ kind: 'user' });

/** A signed-in member of the organization in the path, whose role has the permission. */
export const ForMembers = (permission: OrganizationPermission) => signedIn({ kind: 'organization', permission });

/** Staff of this installation with the role. */
export const ForStaff = (role: StaffRole) => signedIn({ kind: 'staff', role });

/** Members of any publisher team. */
export const ForPublishers = () => signedIn({ kind: 'publisher' });

/** A publisher team's systems, with a token that may report usage and nothing else. */
export const ForIngestTokens = () =>
  applyDecorators(SetMetadata(ACCESS, { kind: 'ingest_token' } satisfies Access), ApiSecurity('ingestToken'));

function signedIn(access: Access): MethodDecorator & ClassDecorator {
  const byToken = scopeOf(access) === null ? [] : [ApiSecurity('accessToken')];
  return applyDecorators(SetMetadata(ACCESS, access), ApiSecurity('session'), ...byToken);
}

/** The scope that a personal access token needs for a route; null for routes that no such token opens. */
export function scopeOf(access: Access): AccessTokenScope | null {
  switch (access.kind) {
    case 'organization':
      return isPersonal(access.permission) ? null : access.permission;
    case 'staff':
      return access.role;
    case 'publisher':
      return 'publisher';
    case 'public':
    case 'user':
    case 'ingest_token':
      return null;
  }
}
