import type { Transaction } from '../database/unit-of-work.js';
import type { ExportRow } from './organization-data-repository.js';

/**
 * All that is kept of a person's account but what they did, as one document; null for an unknown id. Without secrets and hashes
 * of them, and without what belongs to others. Needs the system scope.
 */
export async function readPersonData(
  transaction: Transaction,
  userId: string,
): Promise<Readonly<Record<string, unknown>> | null> {
  const [row] = await transaction.query<{ data: Readonly<Record<string, unknown>> }>(
    `SELECT json_build_object(
       'profile', json_build_object('id', u.id, 'name', u.name, 'email', u.email, 'isEmailVerified', u."emailVerified",
         'createdAt', u."createdAt", 'hasTwoFactor', u."twoFactorEnabled",
         'hasPassword', EXISTS (SELECT FROM auth.account WHERE "userId" = u.id AND password IS NOT NULL)),
       'identityProviders', (SELECT coalesce(json_agg(json_build_object('account', "accountId", 'linkedAt', "createdAt")
           ORDER BY "createdAt"), '[]')
         FROM auth.account WHERE "userId" = u.id AND "providerId" <> 'credential'),
       'sessions', (SELECT coalesce(json_agg(json_build_object('id', id, 'createdAt', "createdAt", 'lastSeenAt', "updatedAt",
           'expiresAt', "expiresAt", 'address', nullif("ipAddress", ''), 'userAgent', nullif("userAgent", ''))
           ORDER BY "createdAt"), '[]')
         FROM auth.session WHERE "userId" = u.id),
       'accessTokens', (SELECT coalesce(json_agg(json_build_object('id', id, 'name', name, 'tokenId', token_id,
           'scopes', scopes, 'createdAt', created_at, 'expiresAt', expires_at, 'lastUsedAt', last_used_at,
           'revokedAt', revoked_at) ORDER BY id), '[]')
         FROM access_token WHERE user_id = u.id),
       'emailChange', (SELECT json_build_object('newEmail', new_email, 'createdAt', created_at, 'expiresAt', expires_at)
         FROM email_change WHERE user_id = u.id),
       'memberships', (SELECT coalesce(json_agg(json_build_object('organizationId', organization.id, 'name', organization.name,
           'role', role, 'joinedAt', membership.created_at) ORDER BY membership.created_at), '[]')
         FROM membership JOIN organization ON organization.id = organization_id WHERE user_id = u.id),
       'invitations', (SELECT coalesce(json_agg(json_build_object('organization', organization.name, 'role', role,
           'createdAt', invitation.created_at, 'expiresAt', expires_at, 'acceptedAt', accepted_at,
           'withdrawnAt', withdrawn_at) ORDER BY invitation.created_at), '[]')
         FROM invitation JOIN organization ON organization.id = organization_id
         WHERE invitation.email = u.email OR accepted_by = u.id),
       'acceptedTerms', (SELECT coalesce(json_agg(json_build_object('version', version, 'url', url, 'acceptedAt', accepted_at)
           ORDER BY accepted_at), '[]')
         FROM portal_terms_acceptance WHERE user_id = u.id),
       'staffRoles', ARRAY(SELECT role FROM staff_role WHERE user_id = u.id ORDER BY role),
       'publisherTeams', ARRAY(SELECT slug FROM publisher_team_member JOIN publisher_team ON publisher_team.id = publisher_team_id
         WHERE user_id = u.id ORDER BY slug)) AS data
     FROM auth."user" AS u WHERE u.id = $1`,
    [userId],
  );
  return row?.data ?? null;
}

/**
 * Up to `limit` things that the person did by the audit log, the oldest first, after `after`; details only of those about their
 * own account, as others may tell of somebody else. Needs the system scope.
 */
export function listActsOfPerson(
  transaction: Transaction,
  { userId, after, limit }: { readonly userId: string; readonly after: string | null; readonly limit: number },
): Promise<ExportRow[]> {
  return transaction.query<ExportRow>(
    `SELECT id, json_build_object('id', id, 'at', created_at, 'action', action, 'noun', noun, 'nounId', noun_id,
              'organizationId', organization_id,
              'details', CASE WHEN noun = 'user' AND noun_id = actor_id THEN details ELSE '{}' END) AS data
     FROM audit_log
     WHERE actor_kind = 'user' AND actor_id = $1 AND ($2::uuid IS NULL OR id > $2) ORDER BY id LIMIT $3`,
    [userId, after, limit],
  );
}
