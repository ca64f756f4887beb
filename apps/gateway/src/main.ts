import 'reflect-metadata';
import cluster from 'node:cluster';
import { SettingsError, loadSettings } from '#config';
import { TollgateError } from '#domain';
import { armFault } from '#faults';
import { createLogger } from '#observability';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { GatewayModule, GatewayService } from './gateway.module.js';
import type { TcpHandle } from './server/tcp-handle.js';
import { type ReadyMessage, isMessage, sendConnection } from './supervisor/messages.js';
import { supervise, wantedProcesses } from './supervisor/supervise.js';

const stopWithinMs = 11_900;

const settings = readSettings();
const log = createLogger({ name: 'gateway', level: settings.LOG_LEVEL });
if (cluster.isPrimary && wantedProcesses(settings) > 1) await supervise(settings, log);

try {
  let app: INestApplicationContext | null = null;
  const onFatal = (error: Error): void => {
    log.fatal({ err: error }, error.message);
    if (app) void stop(app, 1);
    else process.exit(1);
  };
  app = await NestFactory.createApplicationContext(GatewayModule.register(settings, log, onFatal), {
    logger: false,
    abortOnError: false,
  });
  const { gateway } = app.get(GatewayService);
  const context = app;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop(context, 0));
  process.on('SIGHUP', () => void gateway.reload());
  const { port, tlsPort, adminPort, epoch } = gateway;
  log.info({ host: settings.HOST, port, tlsPort, adminPort, gatewayId: settings.GATEWAY_ID, epoch }, 'listening');
  const { port: decisionPort, grpcPort, syslogPort } = gateway.decisionPorts;
  if (decisionPort !== null || grpcPort !== null) {
    const host = settings.DECISION_HOST;
    log.info({ host, port: decisionPort, grpcPort, syslogPort }, 'other proxies may ask and report');
  }
  if (cluster.isWorker) {
    process.on('message', (message: unknown, handle: unknown) => {
      if (!isMessage(message)) return;
      if (message.kind === 'connection' && handle) return gateway.takeOver(handle as TcpHandle, message.isKept);
      if (message.kind !== 'leave') return;
      void gateway.stop((connection, isKept) => sendConnection(process, connection, isKept));
      void stop(context, 0);
    });
    process.send?.({ kind: 'ready', adminPort } satisfies ReadyMessage);
  }
} catch (error) {
  // What we refuse on purpose says what to do; anything else needs its stack.
  const message = error instanceof Error ? error.message : String(error);
  log.fatal(error instanceof TollgateError ? { code: error.code } : { err: error }, message);
  process.exitCode = 1;
  setTimeout(() => process.exit(1), 200);
}

/** Ends cleanly; what does not end in time is safe in the journal and in the leases' rows. */
async function stop(app: INestApplicationContext, exitCode: number): Promise<void> {
  log.info('stopping');
  setTimeout(() => {
    log.warn('stopping took too long');
    process.exit(exitCode);
  }, stopWithinMs).unref();
  try {
    await app.close();
  } catch (error) {
    log.error({ err: error }, 'stopping failed');
  }
  process.exit(exitCode);
}

function readSettings() {
  try {
    const loaded = loadSettings('gateway');
    armFault(loaded.FAULT);
    return loaded;
  } catch (error) {
    process.stderr.write(`${error instanceof SettingsError ? error.message : String(error)}\n`);
    process.exit(1);
  }
}
