import { runMigrations } from 'bullmq';
import pg from 'pg';
import { QUEUE_SCHEMA } from './backend.js';

/**
 * Makes or upgrades BullMQ's tables on Postgres, as the owner of Tollgate's tables, and lets the application's role use
 * them. Safe to run at any time and by several at once; jobs that wait stay. Not needed when the queue is on Redis.
 */
export async function migrateQueueSchema(ownerUrl: string): Promise<void> {
  const client = new pg.Client({
    connectionString: ownerUrl,
    connectionTimeoutMillis: 5_000,
    options: '-c timezone=UTC',
  });
  await client.connect();
  try {
    await runMigrations(client, QUEUE_SCHEMA);
    await keepJobsAsTheyAre(client);
    await client.query(`
      GRANT USAGE ON SCHEMA ${QUEUE_SCHEMA} TO tollgate_app;
      GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${QUEUE_SCHEMA} TO tollgate_app;
      REVOKE INSERT, UPDATE, DELETE ON ${QUEUE_SCHEMA}.migration FROM tollgate_app;
      GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA ${QUEUE_SCHEMA} TO tollgate_app;
    `);
  } finally {
    await client.end();
  }
}

/** Segments of journals are packed already: Postgres would try to compress them again, for nothing. */
async function keepJobsAsTheyAre(client: pg.Client): Promise<void> {
  const { rowCount } = await client.query(`
    SELECT 1 FROM pg_attribute
    WHERE attrelid = '${QUEUE_SCHEMA}.job'::regclass AND attname = 'data' AND attstorage <> 'e'
  `);
  if (rowCount === 0) return;
  await client.query(`ALTER TABLE ${QUEUE_SCHEMA}.job ALTER COLUMN data SET STORAGE EXTERNAL`);
}
