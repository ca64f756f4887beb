import path from 'node:path';
import { root } from '../../../scripts/launcher/install.mjs';
import { profiling } from '../../stage.mjs';
import { prepareInstallation } from './prepare.mjs';

const startWithinMs = 120_000;
/** A segment that is written to is sealed within a second. */
const sealedAfterMs = 1_500;

/**
 * A Tollgate with a database, a worker and one gateway of its own, with so many keys and routes. The gateway is started
 * as `npm run start:gateway` does, with nothing but the settings that it must have.
 */
export class Installation {
  static async start(
    name,
    {
      keys,
      routes,
      plans,
      ratePolicy,
      processes,
      postgres,
      folder,
      upstreamOrigin,
      redisUrl,
      cores,
      checkout = root,
      profileFolder,
    },
  ) {
    const { settings, keysFile, gatewayPort, adminPort, workerPort } = await prepareInstallation(name, {
      keys,
      routes,
      plans,
      ratePolicy,
      postgres,
      folder,
      upstreamOrigin,
      redisUrl,
      checkout,
    });
    const node = process.execPath;
    const startOne = path.join(checkout, 'scripts/start-one.mjs');
    const worker = processes.start(`${name}-worker`, node, [startOne, 'worker'], {
      cpu: cores.load,
      environment: settings,
    });
    const startedAt = performance.now();
    const gateway = processes.start(`${name}-gateway`, node, [startOne, 'gateway'], {
      cpu: cores.target,
      environment: { ...settings, ...(profileFolder && profiling(profileFolder)) },
    });
    await processes.ready(`${name}-gateway`, gateway, `http://127.0.0.1:${adminPort}/readyz`, {
      timeoutMs: startWithinMs,
    });
    const startMs = Math.round(performance.now() - startedAt);
    await processes.ready(`${name}-worker`, worker, `http://127.0.0.1:${workerPort}/readyz`);
    return new Installation({ gateway, worker, gatewayPort, adminPort, keysFile, startMs, settings });
  }

  constructor(parts) {
    Object.assign(this, parts);
    this.origin = `http://127.0.0.1:${parts.gatewayPort}`;
  }

  /** Waits until the ledger has all that the gateway has recorded. */
  async settled(withinMs = 60_000) {
    const deadline = performance.now() + withinMs;
    // Only sealed segments are known to be on their way.
    await new Promise((resolve) => setTimeout(resolve, sealedAfterMs));
    for (;;) {
      const state = await (await fetch(`http://127.0.0.1:${this.adminPort}/readyz`)).json();
      if (state.unacknowledgedSegments === 0) return;
      if (performance.now() > deadline) throw new Error('The ledger does not keep up.');
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
