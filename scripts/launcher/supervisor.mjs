// Starts processes, restarts those that die, stops them all.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { root } from './install.mjs';
import { nodeArguments } from './node-arguments.mjs';

const FIRST_RETRY_MS = 50;
const STEADY_MS = 2_000;
/** How often a process may end before it was ready, until starting is given up. */
const TRIES = 5;
/** How long one that does not end may take to be ready; a busy machine needs more than half a minute. */
const START_MS = 120_000;
const LAST_RETRY_MS = 5_000;
const STOP_TIMEOUT_MS = 12_000;

export class Supervisor {
  #running = new Map();
  #stopping = false;

  /** `notify` gets sentences for people; `onLaunch` is called after each start of a process, again ones included. */
  constructor({ logFolder, notify, onLaunch = () => {} }) {
    this.logFolder = logFolder;
    this.notify = notify;
    this.onLaunch = onLaunch;
    fs.mkdirSync(logFolder, { recursive: true });
  }

  /**
   * Runs dist/run/<app>.js with these arguments and settings, and again whenever it ends by itself.
   * Resolves when `isReady()` says so; rejects when it has not within half a minute, with the end of its log.
   */
  async start(app, { args = [], settings = {}, isReady }) {
    const logFile = path.join(this.logFolder, `${app}.log`);
    const entry = { app, logFile, child: null, retryMs: FIRST_RETRY_MS, exits: 0, timer: null, launch: null };
    this.#running.set(app, entry);
    entry.launch = () => this.#launch(entry, args, settings);
    entry.launch();
    const deadline = performance.now() + START_MS;
    while (!(await isReady())) {
      if (performance.now() > deadline || entry.exits >= TRIES)
        throw new Error(`${app} did not become ready. The end of ${logFile}:\n${lastLines(logFile)}`);
      if (this.#stopping) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  #launch(entry, args, settings) {
    const log = fs.openSync(entry.logFile, 'a');
    const startedAt = performance.now();
    const child = spawn(
      process.execPath,
      [
        '--import',
        path.join(root, 'scripts/launcher/exit-with-parent.mjs'),
        ...nodeArguments(entry.app),
        path.join(root, `dist/run/${entry.app}.js`),
        ...args,
      ],
      {
        cwd: root,
        stdio: ['ignore', log, log, 'ipc'],
        env: { ...inherited(), NODE_ENV: 'production', ...settings },
      },
    );
    fs.closeSync(log);
    entry.child = child;
    this.onLaunch(entry.app);
    child.on('error', (error) => this.notify(`${entry.app}: ${error.message}`));
    child.on('exit', (code, signal) => {
      entry.child = null;
      entry.exits += 1;
      if (this.#stopping) return;
      // One that ran for a while starts again at once; one that cannot start waits longer each time.
      if (performance.now() - startedAt > STEADY_MS) entry.retryMs = FIRST_RETRY_MS;
      this.notify(`${entry.app} ended (${signal ?? `code ${code}`}); starting it again. Log: ${entry.logFile}`);
      entry.timer = setTimeout(() => entry.launch(), entry.retryMs);
      entry.retryMs = Math.min(entry.retryMs * 2, LAST_RETRY_MS);
    });
  }

  /** The process ids by app, of those that run now. */
  pids() {
    return Object.fromEntries(
      [...this.#running].filter(([, entry]) => entry.child).map(([app, entry]) => [app, entry.child.pid]),
    );
  }

  /** Stops the named groups one after the other, each politely, then by force. */
  async stop(groups) {
    this.#stopping = true;
    for (const entry of this.#running.values()) clearTimeout(entry.timer);
    for (const group of groups) await Promise.all(group.map((app) => this.#stopOne(this.#running.get(app))));
  }

  #stopOne(entry) {
    const child = entry?.child;
    if (!child) return Promise.resolve();
    return new Promise((resolve) => {
      const force = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
      child.once('exit', () => {
        clearTimeout(force);
        resolve();
      });
      child.kill('SIGTERM');
    });
  }
}

function lastLines(file) {
  try {
    return fs.readFileSync(file, 'utf8').trimEnd().split('\n').slice(-12).join('\n');
  } catch {
    return '(no log)';
  }
}

/** Of our own environment what no setting is. */
function inherited() {
  const names = ['PATH', 'HOME', 'NODE_COMPILE_CACHE'];
  return Object.fromEntries(names.filter((name) => process.env[name]).map((name) => [name, process.env[name]]));
}
