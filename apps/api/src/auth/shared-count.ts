import type { Pool } from 'pg';

export interface SharedCountRules {
  readonly windowSeconds: number;
  readonly max: number;
}

/** Counts tries by a key in better-auth's table of counters, which all processes of the API share. */
export class SharedCount {
  constructor(
    private readonly pool: Pick<Pool, 'query'>,
    private readonly rules: SharedCountRules,
  ) {}

  /** Counts a try; returns after how many seconds the next one is welcome: 0 when this one is. */
  async take(key: string, nowMs: number): Promise<number> {
    const windowMs = this.rules.windowSeconds * 1000;
    const { rows } = await this.pool.query<{ count: number; startedMs: string }>(
      `INSERT INTO "rateLimit" AS tries (id, key, count, "lastRequest") VALUES (gen_random_uuid()::text, $1, 1, $2)
       ON CONFLICT (key) DO UPDATE SET
         count = CASE WHEN tries."lastRequest" <= $2 - $3::bigint THEN 1 ELSE tries.count + 1 END,
         "lastRequest" = CASE WHEN tries."lastRequest" <= $2 - $3::bigint THEN $2 ELSE tries."lastRequest" END
       RETURNING count, "lastRequest" AS "startedMs"`,
      [key, nowMs, windowMs],
    );
    const { count, startedMs } = rows[0]!;
    return count <= this.rules.max ? 0 : Math.max(1, Math.ceil((Number(startedMs) + windowMs - nowMs) / 1000));
  }

  /** The next try with the key is the first one. */
  async forget(key: string): Promise<void> {
    await this.pool.query('DELETE FROM "rateLimit" WHERE key = $1', [key]);
  }
}
