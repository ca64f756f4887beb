import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { systemClock, type SandboxClock } from './clock.js';
import { isLoopback } from './http/loopback.js';
import { createSandboxServer } from './http/server.js';
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
}

export interface RunningSandbox {
  /** `http://host:port`, the value for STRIPE_API_BASE. */
  readonly url: string;
  close(): Promise<void>;
}

/** Starts a sandbox in this process. The port comes first, so that two sandboxes never share a state file. */
export async function startSandbox(options: SandboxOptions): Promise<RunningSandbox> {
  const host = options.host ?? '127.0.0.1';
  if (!isLoopback(host)) {
    throw new Error(`The sandbox takes any test key, so it listens on this machine only: --host ${host} is refused.`);
  }
  const clock = options.clock ?? systemClock;
  const opened = Promise.withResolvers<Sandbox>();
  const server = createSandboxServer(opened.promise, options.containerName);
  server.listen(options.port, options.containerName === undefined ? host : '0.0.0.0');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  try {
    const file = options.stateFile === undefined ? undefined : await StateFile.open(options.stateFile);
    const store = new Store(file);
    const webhooks = new WebhookDelivery(store, clock, options.webhook ?? { secret: '' });
    opened.resolve(new Sandbox(store, clock, options.publicUrl ?? url, webhooks));
    webhooks.wake();
    const close = async (): Promise<void> => {
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
