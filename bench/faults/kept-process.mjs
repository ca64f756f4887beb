import { once } from 'node:events';
import path from 'node:path';
import { root } from '../../scripts/launcher/install.mjs';
import { nodeArguments } from '../../scripts/launcher/node-arguments.mjs';

const firstRetryMs = 50;
const lastRetryMs = 2_000;
const steadyMs = 2_000;

/** A process of Tollgate that is started again whenever it ends, as any service manager does. */
export class KeptProcess {
  #retryMs = firstRetryMs;
  #timer;
  #isKept = false;

  constructor(processes, { name, app, args = [], nodeArgs = [], environment, readyUrl }) {
    Object.assign(this, { processes, name, app, args, nodeArgs, environment, readyUrl });
  }

  get pid() {
    return this.child?.pid;
  }

  /** Where it writes, and those before it have written. */
  get logFile() {
    return path.join(this.processes.logFolder, `${this.name}.log`);
  }

  get isRunning() {
    return this.child !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Starts it and keeps it; does not wait. */
  launch() {
    this.#isKept = true;
    const startedAt = performance.now();
    const main = path.join(root, `dist/run/${this.app}.js`);
    this.child = this.processes.start(
      this.name,
      process.execPath,
      [...nodeArguments(this.app), ...this.nodeArgs, main, ...this.args],
      {
        cpu: this.processes.allCores,
        environment: this.environment,
      },
    );
    this.child.once('exit', () => {
      if (!this.#isKept) return;
      if (performance.now() - startedAt > steadyMs) this.#retryMs = firstRetryMs;
      this.#timer = setTimeout(() => this.launch(), this.#retryMs);
      this.#retryMs = Math.min(this.#retryMs * 2, lastRetryMs);
    });
  }

  /** Kills it at once and waits until it is gone; it comes back unless `stayAway`. */
  async kill({ stayAway = false } = {}) {
    if (stayAway) this.#letGo();
    if (!this.isRunning) return;
    const ended = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await ended;
  }

  freeze() {
    this.child.kill('SIGSTOP');
  }

  thaw() {
    this.child.kill('SIGCONT');
  }

  /** Resolves to the time that it took until it was ready, in milliseconds. */
  async ready(timeoutMs = 60_000) {
    const startedAt = performance.now();
    while (!(await this.isReady())) {
      if (performance.now() - startedAt > timeoutMs)
        throw new Error(`${this.name} was not ready within ${timeoutMs} ms:\n${this.processes.endOfLog(this.name)}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return performance.now() - startedAt;
  }

  async isReady() {
    try {
      const answer = await fetch(this.readyUrl, { signal: AbortSignal.timeout(2_000) });
      await answer.body?.cancel();
      return answer.status === 200;
    } catch {
      return false;
    }
  }

  async stop() {
    this.#letGo();
    if (!this.isRunning) return;
    const ended = once(this.child, 'exit');
    this.child.kill('SIGCONT');
    this.child.kill('SIGTERM');
    const force = setTimeout(() => this.child.kill('SIGKILL'), 15_000);
    await ended;
    clearTimeout(force);
  }

  #letGo() {
    this.#isKept = false;
    clearTimeout(this.#timer);
  }
}
