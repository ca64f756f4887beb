// What brings a database to the newest schema; bundled as `dist/run/schema.js`, as every start waits for it.
export { loadSettings } from '#config';
export { pendingMigrations, runMigrations } from '#persistence';
export { migrateQueueSchema } from '#queues';
