import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ensureBuilt } from '../scripts/launcher/build.mjs';
import { freePort } from '../scripts/launcher/ports.mjs';
import { guardPostgres, startPostgres } from '../scripts/launcher/postgres.mjs';
import { familyOf } from './gateway/cpu-time.mjs';
import { Processes, bindTo } from './gateway/processes.mjs';

/** Where a benchmark runs: a folder, processes, and a Postgres, of which nothing is left however it ends. */
export class Stage {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tollgate-bench-'));
  processes = new Processes(path.join(this.folder, 'logs'));
  postgres = null;
  #endGuard = null;
  #isEnding = false;

  /** Builds what is measured, runs `work` on a stage of its own, and ends the process: with 1 when it throws. */
  static async run(work) {
    const stage = new Stage();
    fs.chmodSync(stage.folder, 0o755);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => void stage.#end(1));
    try {
      await ensureBuilt((step) => say(`${step} …`));
      await work(stage);
      await stage.#end(0);
    } catch (error) {
      process.stderr.write(`${error.stack}\n`);
      await stage.#end(1);
    }
  }

  get postgresFolder() {
    return path.join(this.folder, 'postgres/data');
  }

  /** On these cores where they are given, else on all of them. */
  async startPostgres(cpu = null) {
    this.postgres = await startPostgres({ dataFolder: this.postgresFolder });
    if (cpu !== null) bindTo(cpu, familyOf(postmasterPid(this.postgresFolder)));
    this.postgres.applicationPassword = 'bench';
    this.#endGuard = guardPostgres(this.postgresFolder);
    return this.postgres;
  }

  /** The same server at the same port, with settings that only a start reads. */
  async restartPostgres() {
    this.postgres.stop();
    await startPostgres({ dataFolder: this.postgresFolder, port: this.postgres.port });
  }

  /** A Redis that keeps nothing on disk, on these cores. Returns its port and pid. */
  async startRedis(name, cpu) {
    const port = await freePort();
    const where = ['--port', String(port), '--bind', '127.0.0.1', '--dir', this.folder];
    const args = [...where, '--save', '', '--appendonly', 'no'];
    const { pid } = this.processes.start(name, 'redis-server', args, { cpu });
    return { port, pid };
  }

  /** However often it is asked for, it happens once. */
  async #end(code) {
    if (this.#isEnding) return;
    this.#isEnding = true;
    await this.processes.stop();
    this.postgres?.stop();
    this.#endGuard?.();
    fs.rmSync(this.folder, { recursive: true, force: true });
    process.exit(code);
  }
}

/** The pid of the postmaster of a data folder: what serves its connections descends from it. */
export function postmasterPid(dataFolder) {
  return Number(fs.readFileSync(path.join(dataFolder, 'postmaster.pid'), 'utf8').split('\n')[0]);
}

/** Tells how far it is, apart from the results. */
export function say(text) {
  process.stderr.write(`  ${text}\n`);
}

/** What the command line says after `--name=`; undefined when it does not. */
export function option(name) {
  return process.argv.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3);
}

/** The environment that makes a process leave a CPU profile in the folder. */
export function profiling(folder) {
  return { NODE_OPTIONS: `--cpu-prof --cpu-prof-interval=500 --cpu-prof-dir=${path.resolve(folder)}` };
}

/** What figures depend on. */
export function machine() {
  return {
    cores: os.availableParallelism(),
    cpu: os.cpus()[0]?.model ?? 'unknown',
    node: process.version,
    system: os.release(),
  };
}
