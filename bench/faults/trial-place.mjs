import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Processes } from '../gateway/processes.mjs';
import { say } from '../stage.mjs';
import { PostgresServer } from './postgres-server.mjs';
import { seeded } from './random.mjs';
import { startUpstream } from './upstream.mjs';

/** Where trials happen, one after the other: a folder, a Postgres with what all begin with, and an upstream, of which nothing is left. */
export class TrialPlace {
  #folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tollgate-faults-'));
  #processes = new Processes(path.join(this.#folder, 'logs'));
  #installation = null;
  #postgres = null;
  #upstream = null;
  #ground = null;
  #count = 0;
  #ending;

  constructor({ isQuick, equationOnly }) {
    this.options = { isQuick, equationOnly };
    fs.chmodSync(this.#folder, 0o755);
    this.#processes.allCores = `0-${os.cpus().length - 1}`;
  }

  async prepare() {
    const { Ground } = await import('./ground.mjs');
    this.#postgres = await PostgresServer.start(path.join(this.#folder, 'postgres/data'));
    this.#upstream = await startUpstream(seeded(1));
    this.#ground = await Ground.prepare(this.#postgres, this.#folder, this.#upstream.origin);
  }

  /** Returns the row of the trial for the table. */
  async run(trial) {
    const { runTrial } = await import('./trial.mjs');
    say(`${trial.fault.id} ${trial.fault.title}, ${trial.queue} queue, seed ${trial.seed} …`);
    const index = this.#count++;
    const stage = {
      ground: this.#ground,
      processes: this.#processes,
      folder: this.#folder,
      upstream: this.#upstream,
      postgres: this.#postgres,
      ...this.options,
      onStart: (installation) => (this.#installation = installation),
      current: () => this.#installation,
    };
    const row = await runTrial(trial, { name: `run_${index}`, ...stage });
    if (!this.options.equationOnly || !row.error) return row;
    // Busy machines take ports and let starts time out: that says nothing about the fault, and is told.
    say(`${row.error}\nonce more …`);
    return runTrial(trial, { name: `again_${index}`, ...stage });
  }

  /** However often it is asked for, it happens once. The logs stay unless all is well. */
  async end(isWell) {
    this.#ending ??= this.#end(isWell);
    await this.#ending;
  }

  async #end(isWell) {
    for (const kept of this.#installation?.kept ?? []) kept.kill({ stayAway: true }).catch(() => undefined);
    await this.#processes.stop();
    this.#upstream?.stop();
    await this.#postgres?.stop();
    if (isWell) fs.rmSync(this.#folder, { recursive: true, force: true });
    else say(`logs: ${this.#processes.logFolder}`);
  }
}
