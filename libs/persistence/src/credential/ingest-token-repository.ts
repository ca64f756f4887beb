import type { Transaction } from '../database/unit-of-work.js';

/** A token that may report usage for a publisher team. */
export interface IngestTokenRow {
  readonly id: string;
  readonly publisherTeamId: string;
  readonly name: string;
  readonly tokenId: string;
  readonly secretHash: Buffer;
  readonly pepperId: string;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
  readonly revokedAt: Date | null;
}

const COLUMNS = `token.id, token.publisher_team_id AS "publisherTeamId", token.name, token.token_id AS "tokenId",
  token.secret_hash AS "secretHash", token.pepper_id AS "pepperId", token.created_at AS "createdAt",
  token.last_used_at AS "lastUsedAt", token.revoked_at AS "revokedAt"`;

/** Writes a new token down. */
export async function insertIngestToken(
  transaction: Transaction,
  token: Omit<IngestTokenRow, 'lastUsedAt' | 'revokedAt'>,
): Promise<void> {
  await transaction.query(
    `INSERT INTO ingest_token (id, publisher_team_id, name, token_id, secret_hash, pepper_id, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [token.id, token.publisherTeamId, token.name, token.tokenId, token.secretHash, token.pepperId, token.createdAt],
  );
}

/** The token with this public id that is not revoked, or null. */
export async function findIngestToken(transaction: Transaction, tokenId: string): Promise<IngestTokenRow | null> {
  const [row] = await transaction.query<IngestTokenRow>(
    `SELECT ${COLUMNS} FROM ingest_token AS token WHERE token_id = $1 AND revoked_at IS NULL`,
    [tokenId],
  );
  return row ?? null;
}

/** All tokens, with the slug of their team, the newest first. */
export function listIngestTokens(
  transaction: Transaction,
): Promise<(IngestTokenRow & { readonly publisher: string })[]> {
  return transaction.query(
    `SELECT ${COLUMNS}, publisher_team.slug AS publisher
     FROM ingest_token AS token JOIN publisher_team ON publisher_team.id = token.publisher_team_id
     ORDER BY token.created_at DESC`,
  );
}

/** The id of the token that this has revoked; null when there was none. */
export async function revokeIngestToken(transaction: Transaction, tokenId: string, at: Date): Promise<string | null> {
  const [row] = await transaction.query<{ id: string }>(
    `WITH revoked AS (UPDATE ingest_token SET revoked_at = $2 WHERE token_id = $1 AND revoked_at IS NULL RETURNING id)
     SELECT id FROM revoked`,
    [tokenId, at],
  );
  return row?.id ?? null;
}

/** Notes the use, to the minute. */
export async function markIngestTokenUsed(transaction: Transaction, id: string, at: Date): Promise<void> {
  await transaction.query(
    `UPDATE ingest_token SET last_used_at = date_trunc('minute', $2::timestamptz)
     WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < date_trunc('minute', $2::timestamptz))`,
    [id, at],
  );
}
