import { NestFactory } from '@nestjs/core';
import { parseSettings } from '#config';
import { createLogger } from '#observability';
import { AdminServerService } from '../../apps/worker/src/admin/admin-server.service.js';
import { WorkerModule } from '../../apps/worker/src/worker.module.js';
import type { TestDatabase } from './database.js';
import { testKey } from './stripe-sandbox/sandbox-client.js';

export interface RunningWorker {
  /** Of /healthz, /readyz and /metrics. */
  readonly adminUrl: string;
  /** What it has logged, one object a line. */
  readonly log: readonly Readonly<Record<string, unknown>>[];
  stop(): Promise<void>;
}

/** The settings of a worker on the test's database; whatever has no address is at one where nothing answers. */
export function workerEnvironment(database: TestDatabase): Record<string, string> {
  return {
    DATABASE_URL: database.appUrl,
    STRIPE_SECRET_KEY: testKey,
    STRIPE_API_BASE: 'http://127.0.0.1:9',
    STRIPE_WEBHOOK_SECRET: 'whsec_worker',
    SMTP_URL: 'smtp://127.0.0.1:9',
    PORTAL_URL: 'http://127.0.0.1:4000',
    ENCRYPTION_KEYS: `1:${Buffer.alloc(32, 9).toString('base64')}`,
    WORKER_ADMIN_PORT: '0',
    TIME_MACHINE: 'true',
    LOG_LEVEL: 'debug',
  };
}

/** The whole worker in this process, as main.ts puts it together. */
export async function startWorker(
  database: TestDatabase,
  environment: Readonly<Record<string, string>> = {},
): Promise<RunningWorker> {
  const settings = parseSettings('worker', { ...workerEnvironment(database), ...environment });
  const log: Record<string, unknown>[] = [];
  const destination = { write: (line: string) => void log.push(JSON.parse(line) as Record<string, unknown>) };
  const logger = createLogger({ name: 'worker', level: settings.LOG_LEVEL, destination });
  const app = await NestFactory.createApplicationContext(WorkerModule.register(settings, logger), {
    logger: false,
    abortOnError: false,
  });
  const admin = app.get(AdminServerService);
  admin.markWorking();
  return { adminUrl: `http://127.0.0.1:${admin.port}`, log, stop: () => app.close() };
}
