// Outlives the launcher by a moment, to stop the private Postgres when the launcher was killed.
import { stopPostgres } from './postgres.mjs';

const [dataFolder] = process.argv.slice(2);
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});
process.once('message', () => process.exit(0));
process.once('disconnect', () => {
  stopPostgres(dataFolder);
  process.exit(0);
});
