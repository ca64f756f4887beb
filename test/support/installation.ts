import { type ChildProcess, execFile, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { nextFreePort } from '../../scripts/launcher/ports.mjs';
import { compileCache } from './compile-cache.js';

const root = path.resolve(import.meta.dirname, '../..');
const run = promisify(execFile);
/** The cache is of the whole run: its many processes need not each compile the same modules. */
const inherited = { PATH: process.env['PATH'], ...compileCache };

const PORTS = [
  'API_PORT',
  'GATEWAY_PORT',
  'GATEWAY_ADMIN_PORT',
  'WORKER_ADMIN_PORT',
  'SANDBOX_PORT',
  'DEMO_API_PORT',
  'MAIL_SMTP_PORT',
  'MAIL_HTTP_PORT',
];

/**
 * Below the ports that systems give to connections, and apart from those of installations that other test processes start
 * at the same time: a port that was free must still be free when its process is up.
 */
let nextPort = 20_000 + Number(process.env['VITEST_POOL_ID'] ?? 0) * 1_000 + (process.pid % 50) * 16;

/** Ports of its own for each installation, as several may start at once. */
async function portSettings(): Promise<Record<string, string>> {
  const settings: Record<string, string> = {};
  for (const name of PORTS) {
    const port = await nextFreePort(nextPort);
    nextPort = port + 1;
    settings[name] = String(port);
  }
  return settings;
}

export interface SignIn {
  readonly role: string;
  readonly email: string;
  readonly password: string;
}

/** The line that `npm start -- --json` prints when all runs. */
export interface Ready {
  readonly seconds: number;
  readonly portalUrl: string;
  readonly gatewayUrl: string;
  readonly apiUrl: string;
  readonly inboxUrl: string | null;
  readonly signIns: readonly SignIn[];
  readonly key: string;
}

export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts the launcher as `npm start` does, on free ports in `home`, and does not wait for anything. */
export async function launch(
  home: string,
  { settings, uid }: { settings?: Readonly<Record<string, string>>; uid?: number } = {},
): Promise<ChildProcess> {
  const ports = await portSettings();
  return spawn(process.execPath, [path.join(root, 'scripts/launcher/main.mjs'), '--json'], {
    cwd: root,
    env: { HOME: process.env['HOME'], ...inherited, TOLLGATE_HOME: home, ...ports, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(uid === undefined ? {} : { uid, gid: uid }),
  });
}

/** A whole Tollgate of real processes in a folder of its own, started as `npm start` starts it. */
export class Installation {
  private constructor(
    readonly home: string,
    readonly ready: Ready,
    private readonly launcher: ChildProcess,
  ) {}

  /** Starts it on free ports in `home`, or in a new temporary folder, with `settings` added, maybe as another user. */
  static async start(
    options: { home?: string; settings?: Readonly<Record<string, string>>; uid?: number } = {},
  ): Promise<Installation> {
    const home = options.home ?? makeHome();
    const launcher = await launch(home, options);
    const ready = await new Promise<Ready>((resolve, reject) => {
      let output = '';
      let remarks = '';
      launcher.stderr!.on('data', (chunk: Buffer) => (remarks += chunk.toString()));
      launcher.stdout!.on('data', (chunk: Buffer) => {
        output += chunk.toString();
        if (output.includes('\n')) resolve(JSON.parse(output) as Ready);
      });
      launcher.once('exit', (code) => reject(new Error(`npm start ended with code ${code}:\n${remarks}`)));
    });
    return new Installation(home, ready, launcher);
  }

  /** The settings of its processes. */
  get settings(): Readonly<Record<string, string>> {
    return this.runFile.settings;
  }

  /** The process that runs `app` now, if one does. */
  pidOf(app: string): number | undefined {
    return this.runFile.pids[app];
  }

  /** Kills the process that runs `app` at once (SIGKILL); the launcher starts another. True when one was there. */
  kill(app: string): boolean {
    const pid = this.pidOf(app);
    try {
      return pid !== undefined && process.kill(pid, 'SIGKILL');
    } catch {
      return false;
    }
  }

  /** Runs `tollgate` with these words, as `npm run tollgate --` does. */
  async tollgate(...words: string[]): Promise<CommandResult> {
    try {
      const done = await run(process.execPath, [path.join(root, 'dist/run/cli.js'), ...words], {
        cwd: root,
        env: { ...inherited, ...this.settings },
        maxBuffer: 256 * 1024 * 1024,
      });
      return { code: 0, ...done };
    } catch (error) {
      const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
      return { code, stdout, stderr };
    }
  }

  /** Like `tollgate`, and parses what it printed; anything but exit code 0 is an error with its words. */
  async tollgateJson<Result>(...words: string[]): Promise<Result> {
    const { code, stdout, stderr } = await this.tollgate(...words, '--json');
    if (code !== 0) throw new Error(`tollgate ${words.join(' ')} ended with ${code}:\n${stderr}${stdout}`);
    return JSON.parse(stdout) as Result;
  }

  /** Stops it as Ctrl-C does and waits for the end; resolves to the exit code. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    if (this.launcher.exitCode !== null || this.launcher.signalCode !== null) return this.launcher.exitCode;
    const ended = new Promise<number | null>((resolve) => this.launcher.once('exit', resolve));
    this.launcher.kill(signal);
    return ended;
  }

  /** Deletes everything it kept. */
  remove(): void {
    fs.rmSync(this.home, { recursive: true, force: true });
  }

  private get runFile(): { settings: Record<string, string>; pids: Record<string, number | undefined> } {
    return JSON.parse(fs.readFileSync(path.join(this.home, 'run.json'), 'utf8')) as never;
  }
}

/** A folder for an installation, which the database's user can walk into. */
export function makeHome(): string {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'tollgate-home-'));
  fs.chmodSync(home, 0o755);
  return home;
}

/**
 * Calls `probe` until it gives something, or fails with `what` after `timeoutMs`. What it throws counts as nothing: a
 * server that starts again refuses connections for a moment.
 */
export async function eventually<Result>(
  what: string,
  probe: () => Promise<Result | null | undefined | false> | Result | null | undefined | false,
  timeoutMs = 20_000,
): Promise<Result> {
  const deadline = performance.now() + timeoutMs;
  let lastError: unknown;
  for (;;) {
    try {
      const result = await probe();
      if (result !== null && result !== undefined && result !== false) return result;
    } catch (error) {
      lastError = error;
    }
    if (performance.now() > deadline) throw new Error(`not within ${timeoutMs} ms: ${what}`, { cause: lastError });
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
