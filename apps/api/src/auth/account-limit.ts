import { createHash } from 'node:crypto';
import type { Pool } from 'pg';

/**
 * How long wrong passwords are counted. better-auth prunes its table of counters by the longest window that it knows of,
 * so one of its own rules must have this window.
 */
export const ACCOUNT_WINDOW_SECONDS = 900;
const MAX_TRIES = 30;

/**
 * Limits the tries at one account's password from all addresses together, known account or not. A right password
 * begins the count anew.
 */
export class AccountLimit {
  constructor(private readonly pool: Pick<Pool, 'query'>) {}

  /** Counts a try; returns after how many seconds the next one is welcome: 0 for at once. */
  async countTry(email: string, nowMs: number): Promise<number> {
    const key = keyOf(email);
    const windowMs = ACCOUNT_WINDOW_SECONDS * 1000;
    const { rows } = await this.pool.query<{ count: number; startedMs: string }>(
      `INSERT INTO "rateLimit" AS tries (id, key, count, "lastRequest") VALUES ($1, $1, 1, $2)
       ON CONFLICT (key) DO UPDATE SET
         count = CASE WHEN tries."lastRequest" <= $2 - $3::bigint THEN 1 ELSE tries.count + 1 END,
         "lastRequest" = CASE WHEN tries."lastRequest" <= $2 - $3::bigint THEN $2 ELSE tries."lastRequest" END
       RETURNING count, "lastRequest" AS "startedMs"`,
      [key, nowMs, windowMs],
    );
    const { count, startedMs } = rows[0]!;
    return count <= MAX_TRIES ? 0 : Math.max(1, Math.ceil((Number(startedMs) + windowMs - nowMs) / 1000));
  }

  async forget(email: string): Promise<void> {
    await this.pool.query('DELETE FROM "rateLimit" WHERE key = $1', [keyOf(email)]);
  }
}

/** The table of counters holds no addresses of people. */
function keyOf(email: string): string {
  return `account:${createHash('sha256').update(email.toLowerCase()).digest('hex')}`;
}
