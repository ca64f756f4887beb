import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { ClockFollower } from './clock-follower.js';
import { MovableClock, systemClock, type SandboxClock } from './clock.js';
import type { ApiAnswer, ApiRequest } from './http/api.js';
import { isLoopback } from './http/loopback.js';
import { createSandboxServer } from './http/server.js';
import { ownClockId } from './resources/test-clock.js';
import { Sandbox } from './sandbox.js';
import { StateFile } from './state/state-file.js';
import { Store } from './state/store.js';
import { WebhookDelivery, type WebhookOptions } from './webhooks/delivery.js';

export interface SandboxOptions {
  /** 0 takes a free one. */
  readonly port: number;
  /** A loopback name or address; 127.0.0.1 unless said otherwise. */
  readonly host?: string;
  /** Listen on every address and answer under this name too, as the only service of a private container network does. */
  readonly containerName?: string;
  /** How browsers reach the hosted pages; its own address unless said otherwise. */
  readonly publicUrl?: string;
  readonly webhook?: WebhookOptions;
  /** Where state is kept over restarts; without it nothing is. */
  readonly stateFile?: string;
  readonly clock?: SandboxClock;
  /** Answers the time of a clock to keep with, as JSON with `now`. */
  readonly clockUrl?: string;
  /** How many seconds usage is not counted yet after it came in; 0 unless said otherwise. */
  readonly usageDelay?: number;
  /** Sees each request of the API with its answer before it is sent. */
  readonly onAnswer?: (request: ApiRequest, answer: ApiAnswer) => void;
}

export interface RunningSandbox {
  /** `http://host:port`, the value for STRIPE_API_BASE. */
  readonly url: string;
  close(): Promise<void>;
}

/** How soon something happens that is due while no request comes. */
const passingIntervalMs = 500;

function follow(sandbox: Sandbox, url: string): ClockFollower {
  const follower = new ClockFollower(
    url,
    () => sandbox.clock.nowMs(),
    async (instantMs) => {
      sandbox.moveClock(instantMs);
      await sandbox.store.flushed();
    },
  );
  follower.start();
  return follower;
}

/** Starts a sandbox in this process. The port comes first, so that two sandboxes never share a state file. */
export async function startSandbox(options: SandboxOptions): Promise<RunningSandbox> {
  const host = options.host ?? '127.0.0.1';
  if (!isLoopback(host)) {
    throw new Error(`The sandbox takes any test key, so it listens on this machine only: --host ${host} is refused.`);
  }
  const opened = Promise.withResolvers<Sandbox>();
  const server = createSandboxServer(opened.promise, options.containerName, options.onAnswer);
  server.listen(options.port, options.containerName === undefined ? host : '0.0.0.0');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  try {
    const file = options.stateFile === undefined ? undefined : await StateFile.open(options.stateFile);
    const store = new Store(file);
    const clock = new MovableClock(options.clock ?? systemClock, store.get('clock_offset', ownClockId)?.offsetMs);
    const webhooks = new WebhookDelivery(store, clock, options.webhook ?? { secret: '' });
    const sandbox = new Sandbox(store, clock, options.publicUrl ?? url, webhooks, options.usageDelay);
    opened.resolve(sandbox);
    webhooks.wake();
    const passing = setInterval(() => sandbox.letTimePass(), passingIntervalMs);
    const follower = options.clockUrl === undefined ? undefined : follow(sandbox, options.clockUrl);
    const close = async (): Promise<void> => {
      clearInterval(passing);
      follower?.close();
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await Promise.all([closed, webhooks.close()]);
      await file?.close();
    };
    return { url, close };
  } catch (error) {
    server.close();
    opened.reject(error);
    throw error;
  }
}
