import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { loadSettings } from '#config';
import { armFault } from '#faults';
import { createLogger } from '#observability';
import { AdminServerService } from './admin/admin-server.service.js';
import { describe } from './runtime/queue-workers.service.js';
import { WorkerModule } from './worker.module.js';

const SHUTDOWN_TIMEOUT_MS = 10_000;

const settings = readSettings();
const logger = createLogger({ name: 'worker', level: settings.LOG_LEVEL });

try {
  const app = await NestFactory.createApplicationContext(WorkerModule.register(settings, logger), {
    logger: false,
    abortOnError: false,
  });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void shutDown(app, signal));
  const admin = app.get(AdminServerService);
  admin.markWorking();
  logger.info({ adminPort: admin.port }, 'ready');
} catch (error) {
  logger.fatal({ error: describe(error) }, 'the worker did not start');
  process.exitCode = 1;
  // Whatever had begun must not keep the process alive.
  setTimeout(() => process.exit(1), 200);
}

/** Lets the jobs that run end; what does not end in time is done again by another worker. */
async function shutDown(app: { close(): Promise<void> }, signal: string): Promise<void> {
  logger.info({ signal }, 'stopping');
  setTimeout(() => {
    logger.warn('a job did not end in time; another worker will do it again');
    process.exit(0);
  }, SHUTDOWN_TIMEOUT_MS).unref();
  try {
    await app.close();
    process.exit(0);
  } catch (error) {
    logger.error({ error: describe(error) }, 'stopping failed');
    process.exit(1);
  }
}

function readSettings() {
  try {
    const loaded = loadSettings('worker');
    armFault(loaded.FAULT);
    return loaded;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  }
}
