import os from 'node:os';
import type { Settings } from '#config';
import { TollgateError } from '#domain';
import type { Logger } from '#observability';
import { listen } from '../server/listen.js';
import { GatewaySupervisor } from './gateway-supervisor.js';
import { createSupervisorAdmin } from './supervisor-admin.js';

/** How many gateway processes the settings want. */
export function wantedProcesses({ GATEWAY_PROCESSES: wanted }: Settings<'gateway'>): number {
  return wanted === 'auto' ? os.availableParallelism() : wanted;
}

/** Runs the gateway as several processes until a signal ends them. SIGHUP reloads them without a failed call. */
export async function supervise(settings: Settings<'gateway'>, log: Logger): Promise<never> {
  const { HOST: host, GATEWAY_ID: gatewayId, JOURNAL_DIR: journalFolder } = settings;
  const processes = wantedProcesses(settings);
  const supervisor = new GatewaySupervisor({ gatewayId, journalFolder, processes, log });
  const end = async (code: number): Promise<never> => {
    await supervisor.stop();
    process.exit(code);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void end(0));
  process.on('SIGHUP', () => void supervisor.reload());
  try {
    const admin = createSupervisorAdmin(host, () => supervisor.members);
    const adminPort = await listen(admin, host, settings.GATEWAY_ADMIN_PORT, 'GATEWAY_ADMIN_PORT');
    await supervisor.start();
    log.info({ host, port: settings.GATEWAY_PORT, adminPort, gatewayId, processes }, 'listening');
  } catch (error) {
    log.fatal(error instanceof TollgateError ? { code: error.code } : { err: error }, (error as Error).message);
    await end(1);
  }
  return new Promise(() => undefined);
}
