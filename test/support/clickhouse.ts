import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';

const configured = process.env['CLICKHOUSE_TEST_URL'];
const folder = path.join(import.meta.dirname, 'clickhouse-server');

/** False where neither a server is configured nor the engine installed: then its tests are skipped, visibly. */
export const hasClickHouse = configured !== undefined || existsSync(path.join(folder, 'node_modules/chdb'));

/** For the names of tests that need ClickHouse. */
export const HOW_TO_GET_CLICKHOUSE =
  'needs CLICKHOUSE_TEST_URL, or its engine: npm install --no-package-lock --prefix test/support/clickhouse-server';

export interface TestClickHouse {
  /** Of a database for tests, in which a table usage_event may be dropped. */
  readonly url: string;
  stop(): Promise<void>;
}

/** The server that is configured, else the engine of its own in a process of its own. */
export async function startClickHouse(): Promise<TestClickHouse> {
  if (configured !== undefined) return { url: configured, stop: async () => {} };
  const data = mkdtempSync(path.join(os.tmpdir(), 'tollgate-clickhouse-'));
  const child = spawn(process.execPath, [path.join(folder, 'server.mjs'), data], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const [port] = (await once(createInterface(child.stdout!), 'line')) as [string];
  return {
    url: `http://127.0.0.1:${port}/tollgate`,
    stop: async () => {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
      rmSync(data, { recursive: true, force: true });
    },
  };
}
