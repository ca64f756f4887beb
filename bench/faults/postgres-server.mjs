import { fork } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { guardPostgres, startPostgres } from '../../scripts/launcher/postgres.mjs';
import { familyOf } from '../gateway/cpu-time.mjs';
import { pause } from './pause.mjs';
import { postmasterPid } from '../stage.mjs';

/** A private Postgres that can be killed as a power cut would, and started again on its data. */
export class PostgresServer {
  #endGuard;
  /** @type {Promise<void> | null} */
  #starting = null;

  static async start(dataFolder) {
    const server = new PostgresServer();
    server.dataFolder = dataFolder;
    server.port = 0;
    await server.restart();
    server.#endGuard = guardPostgres(dataFolder);
    return server;
  }

  url(database = 'postgres') {
    return `postgres://postgres:${this.password}@127.0.0.1:${this.port}/${database}`;
  }

  /** Kills the server and all of its backends at once; resolves when nothing is left of them. */
  async kill() {
    const pids = familyOf(postmasterPid(this.dataFolder));
    for (const pid of pids) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has ended by itself.
      }
    }
    // One that nobody has asked for its end yet would be taken for a server that runs.
    while (pids.some((pid) => fs.existsSync(`/proc/${pid}`))) await pause(10);
  }

  /** Resolves when it takes connections again. */
  async restart() {
    this.#starting ??= this.#launch().finally(() => (this.#starting = null));
    await this.#starting;
  }

  async #launch() {
    const script = path.join(import.meta.dirname, 'start-postgres.mjs');
    const child = fork(script, [this.dataFolder, String(this.port)], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    // A child can be gone before what it has said is read; its channel ends after that.
    const [message] = await Promise.race([once(child, 'message'), once(child, 'disconnect')]);
    if (typeof message !== 'object' || message === null) throw new Error('Postgres did not start.');
    Object.assign(this, message);
    if (child.exitCode === null) await once(child, 'exit');
  }

  async stop() {
    await this.#starting?.catch(() => undefined);
    const postgres = await startPostgres({ dataFolder: this.dataFolder });
    postgres.stop('immediate');
    this.#endGuard?.();
  }
}
