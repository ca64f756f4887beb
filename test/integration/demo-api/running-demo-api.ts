import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createDemoApi } from '../../../apps/demo-api/src/server.js';

export interface RunningDemoApi {
  /** "http://127.0.0.1:port", without a slash at the end. */
  readonly url: string;
  stop(): Promise<void>;
}

/** The Atlas API on a free port of this process. */
export async function startDemoApi(): Promise<RunningDemoApi> {
  const server = createDemoApi();
  server.listen({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop(): Promise<void> {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
