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

const COLUMNS = `id, publisher_team_id AS "publisherTeamId", name, token_id AS "tokenId", secret_hash AS "secretHash",
  pepper_id AS "pepperId", created_at AS "createdAt", last_used_at AS "lastUsedAt", revoked_at AS "revokedAt"`;

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
    `SELECT ${COLUMNS} FROM ingest_token WHERE token_id = $1 AND revoked_at IS NULL`,
    [tokenId],
  );
  return row ?? null;
}

/** All tokens, with the slug of their team, the newest first. */
export function listIngestTokens(
  transaction: Transaction,
): Promise<(IngestTokenRow & { readonly publisher: string })[]> {
  return transaction.query(
    `SELECT ${COLUMNS.replaceAll(/\b(id|name|created_at)\b(?= AS|,)/g, 'ingest_token.$1')}, publisher_team.slug AS publisher
     FROM ingest_token JOIN publisher_team ON publisher_team.id = publisher_team_id ORDER BY ingest_token.created_at DESC`,
  );
}

/** False when there is none that could be revoked. */
export async function revokeIngestToken(transaction: Transaction, tokenId: string, at: Date): Promise<boolean> {
  const rows = await transaction.query<{ revoked: boolean }>(
    `WITH revoked AS (UPDATE ingest_token SET revoked_at = $2 WHERE token_id = $1 AND revoked_at IS NULL RETURNING true)
     SELECT true AS revoked FROM revoked`,
    [tokenId, at],
  );
  return rows.length > 0;
}

/** Notes the use, to the minute. */
export async function markIngestTokenUsed(transaction: Transaction, id: string, at: Date): Promise<void> {
  await transaction.query(
    `UPDATE ingest_token SET last_used_at = date_trunc('minute', $2::timestamptz)
     WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < date_trunc('minute', $2::timestamptz))`,
    [id, at],
  );
}
