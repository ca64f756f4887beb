import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** Processes of the benchmark: each bound to a core, and none is left behind, however the benchmark ends. */
export class Processes {
  #children = [];

  constructor(logFolder) {
    this.logFolder = logFolder;
    fs.mkdirSync(logFolder, { recursive: true });
  }

  /** Starts a command on a core; its output goes to `<name>.log`. Returns the child. */
  start(name, command, args, { cpu, environment = {}, cwd } = {}) {
    const log = fs.openSync(path.join(this.logFolder, `${name}.log`), 'a');
    const pinned = ['--pdeathsig', 'TERM', 'taskset', '-c', String(cpu), command, ...args];
    const child = spawn('setpriv', pinned, {
      cwd,
      stdio: ['ignore', log, log],
      env: { PATH: process.env.PATH, HOME: process.env.HOME, ...environment },
    });
    fs.closeSync(log);
    child.on('error', (error) => process.stderr.write(`${name}: ${error.message}\n`));
    this.#children.push(child);
    return child;
  }

  /** Waits until `url` answers with this status; throws with the end of the log when the process ends before. */
  async ready(name, child, url, { status = 200, timeoutMs = 60_000, headers = {} } = {}) {
    const deadline = performance.now() + timeoutMs;
    for (;;) {
      const answer = await fetch(url, { headers }).catch(() => null);
      await answer?.body?.cancel();
      if (answer?.status === status) return;
      if (child.exitCode !== null || performance.now() > deadline)
        throw new Error(`${name} did not get ready:\n${this.endOfLog(name)}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  endOfLog(name) {
    return fs
      .readFileSync(path.join(this.logFolder, `${name}.log`), 'utf8')
      .split('\n')
      .slice(-15)
      .join('\n');
  }

  /** Stops all, the last started first; by force after 15 s. */
  async stop() {
    for (const child of this.#children.reverse()) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const ended = new Promise((resolve) => child.once('exit', resolve));
      const force = setTimeout(() => child.kill('SIGKILL'), 15_000);
      child.kill('SIGTERM');
      await ended;
      clearTimeout(force);
    }
  }
}

/** Binds processes, and what they start from then on, to cores. */
export function bindTo(cpu, pids) {
  for (const pid of pids) {
    const { status, stderr } = spawnSync('taskset', ['-c', '-p', String(cpu), String(pid)], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`process ${pid} cannot be bound to ${cpu}: ${stderr}`);
  }
}

/**
 * Lets processes run only when nothing else wants their core: what happens after a request must not hold the load up. Where
 * Linux groups processes by session (sched(7), autogroup), a priority counts within its group only, and each process of Postgres
 * is a session of its own: the groups give way as well, those of this session's processes excepted.
 */
export function giveWay(pids) {
  const ownGroup = autogroupOf(process.pid);
  for (const pid of pids) {
    try {
      os.setPriority(pid, os.constants.priority.PRIORITY_LOW);
      const group = autogroupOf(pid);
      if (group !== null && group !== ownGroup)
        fs.writeFileSync(`/proc/${pid}/autogroup`, String(os.constants.priority.PRIORITY_LOW));
    } catch {
      // It is gone.
    }
  }
}

/** The name of a process's group; null where there are none. */
function autogroupOf(pid) {
  const file = `/proc/${pid}/autogroup`;
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8').split(' ', 1)[0] : null;
}

/** True when the program can be run here. */
export function isInstalled(program) {
  return spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;
}

/** Writes a configuration with its @names@ filled in, and returns where. */
export function writeConfiguration(template, file, values) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const text = fs.readFileSync(template, 'utf8').replace(/@(\w+)@/g, (whole, name) => values[name] ?? whole);
  fs.writeFileSync(file, text);
  return file;
}

/** As root, nginx would give its rights up and then not be able to read a private checkout. */
export function nginxArguments(folder, file) {
  const user = process.getuid?.() === 0 ? ['-g', 'user root;'] : [];
  return ['-p', folder, '-c', file, ...user];
}
