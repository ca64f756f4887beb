import type { DataSource } from 'typeorm';
import { type DatabaseOptions, createDataSource } from './data-source.js';
import { isDatabaseAway } from './database-conflict.js';

const RETRY_MS = 1_000;
const MAX_WAIT_MS = 60_000;

/**
 * Connects as `createDataSource` says. A database that is away is waited for, a minute at most: processes start in any order, and a
 * server that was just started takes a while. `onAway` is told once, when the first try has failed.
 * @throws the error of the last try; at once when the database answers and refuses, as for a wrong password.
 */
export async function connectDataSource(
  options: DatabaseOptions,
  onAway: (error: unknown) => void,
): Promise<DataSource> {
  const dataSource = createDataSource(options);
  const startedMs = performance.now();
  for (let attempt = 1; ; attempt++) {
    try {
      return await dataSource.initialize();
    } catch (error) {
      if (!isDatabaseAway(error) || performance.now() - startedMs > MAX_WAIT_MS) throw error;
      if (attempt === 1) onAway(error);
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}
