// Outlives the launcher by a moment, to stop the private Postgres when the launcher was killed.
import { startPostgres } from './postgres.mjs';

const [dataFolder] = process.argv.slice(2);
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});
process.once('message', () => process.exit(0));
process.once('disconnect', async () => {
  const postgres = await startPostgres({ dataFolder });
  postgres.stop();
  process.exit(0);
});
