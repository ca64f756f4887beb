import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { Redis } from 'ioredis';
import { freePort } from '../../scripts/launcher/ports.mjs';

/** A private Redis with an append-only file that can be killed, started again on its data, and emptied. */
export class RedisServer {
  static async start(processes, folder) {
    const server = new RedisServer();
    fs.mkdirSync(folder, { recursive: true });
    Object.assign(server, { processes, folder, port: await freePort() });
    await server.restart();
    return server;
  }

  get url() {
    return `redis://127.0.0.1:${this.port}`;
  }

  kill() {
    this.child.kill('SIGKILL');
  }

  async restart() {
    const options = { bind: '127.0.0.1', port: this.port, dir: this.folder, appendonly: 'yes', save: '' };
    const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
    this.child = this.processes.start(path.basename(this.folder), 'redis-server', args, {
      cpu: this.processes.allCores,
    });
    await this.#withClient((client) => client.ping());
  }

  flush() {
    return this.#withClient((client) => client.flushall());
  }

  async stop() {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.child.kill('SIGKILL');
    await once(this.child, 'exit');
  }

  async #withClient(work) {
    const client = new Redis(this.url, { retryStrategy: () => 25, maxRetriesPerRequest: 400 });
    client.on('error', () => {});
    try {
      return await work(client);
    } finally {
      client.disconnect();
    }
  }
}
