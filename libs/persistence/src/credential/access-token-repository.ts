import type { AccessToken } from '#domain';
import type { Transaction } from '../database/unit-of-work.js';

const COLUMNS = `token.id, token.user_id AS "userId", token.name, token.token_id AS "tokenId", token.scopes,
  token.created_at AS "createdAt", token.expires_at AS "expiresAt", token.last_used_at AS "lastUsedAt",
  token.revoked_at AS "revokedAt"`;

/** Writes a new token down. */
export async function insertAccessToken(
  transaction: Transaction,
  token: AccessToken & { readonly secretHash: Buffer; readonly pepperId: string },
): Promise<void> {
  await transaction.query(
    `INSERT INTO access_token (id, user_id, name, token_id, secret_hash, pepper_id, scopes, created_at, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      token.id,
      token.userId,
      token.name,
      token.tokenId,
      token.secretHash,
      token.pepperId,
      token.scopes,
      token.createdAt,
      token.expiresAt,
    ],
  );
}

/** A token that works, with whose it is and what its secret is checked against. */
export interface LiveAccessToken extends AccessToken {
  readonly secretHash: Buffer;
  readonly pepperId: string;
  readonly user: {
    readonly id: string;
    readonly name: string;
    readonly email: string;
    readonly hasTwoFactor: boolean;
  };
}

/** The token with this public id that at `at` is neither revoked nor expired, and whose owner can sign in; or null. */
export async function findLiveAccessToken(
  transaction: Transaction,
  tokenId: string,
  at: Date,
): Promise<LiveAccessToken | null> {
  const [row] = await transaction.query<LiveAccessToken>(
    `SELECT ${COLUMNS}, token.secret_hash AS "secretHash", token.pepper_id AS "pepperId",
            json_build_object('id', "user".id, 'name', "user".name, 'email', "user".email,
              'hasTwoFactor', coalesce("user"."twoFactorEnabled", false)) AS user
     FROM access_token AS token JOIN auth."user" AS "user" ON "user".id = token.user_id
     WHERE token_id = $1 AND revoked_at IS NULL AND expires_at > $2 AND "user"."emailVerified"`,
    [tokenId, at],
  );
  return row ?? null;
}

/** A person's tokens that are not revoked, the newest first, before `before`, at most `limit`. */
export function listAccessTokens(
  transaction: Transaction,
  userId: string,
  { before, limit }: { readonly before?: string | undefined; readonly limit: number },
): Promise<AccessToken[]> {
  return transaction.query<AccessToken>(
    `SELECT ${COLUMNS} FROM access_token AS token
     WHERE user_id = $1 AND revoked_at IS NULL AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3`,
    [userId, before ?? null, limit],
  );
}

/** How many tokens of a person work at `at`. */
export async function countLiveAccessTokens(transaction: Transaction, userId: string, at: Date): Promise<number> {
  const [row] = await transaction.query<{ count: number }>(
    `SELECT count(*)::integer AS count FROM access_token WHERE user_id = $1 AND revoked_at IS NULL AND expires_at > $2`,
    [userId, at],
  );
  return row!.count;
}

/** Ends the token of the person; false when they have none with this id that is not revoked. */
export async function revokeAccessToken(
  transaction: Transaction,
  { userId, id, at }: { readonly userId: string; readonly id: string; readonly at: Date },
): Promise<boolean> {
  const rows = await transaction.query(
    `WITH revoked AS (
       UPDATE access_token SET revoked_at = $3 WHERE user_id = $1 AND id = $2 AND revoked_at IS NULL RETURNING id)
     SELECT FROM revoked`,
    [userId, id, at],
  );
  return rows.length > 0;
}

/** Ends all tokens of a person, for whom no token may work any more: an account that is deleted or suspended. */
export async function revokeAccessTokensOf(transaction: Transaction, userId: string, at: Date): Promise<void> {
  await transaction.query('UPDATE access_token SET revoked_at = $2 WHERE user_id = $1 AND revoked_at IS NULL', [
    userId,
    at,
  ]);
}

/** Notes the use, to the minute. */
export async function markAccessTokenUsed(transaction: Transaction, id: string, at: Date): Promise<void> {
  await transaction.query(
    `UPDATE access_token SET last_used_at = date_trunc('minute', $2::timestamptz)
     WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < date_trunc('minute', $2::timestamptz))`,
    [id, at],
  );
}
