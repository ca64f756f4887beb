import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { freePort } from '../../scripts/launcher/ports.mjs';
import { compileCache } from './compile-cache.js';
import type { TestDatabase } from './database.js';
import { eventually } from './eventually.js';
import { testPeppers } from './factories.js';
import { type Answer, call, makeJournalFolder } from './gateway.js';

const main = path.resolve(import.meta.dirname, '../../dist/run/gateway.js');

/** What the supervisor says of its processes. */
export interface SupervisedReadiness {
  readonly isReady: boolean;
  readonly gateways: readonly { readonly gateway: string; readonly pid: number; readonly isReady?: boolean }[];
}

/** The gateway as it is shipped, with a supervisor, in processes of their own. */
export class GatewayProcess {
  private constructor(
    readonly child: ChildProcess,
    readonly port: number,
    readonly adminPort: number,
    readonly journalFolder: string,
    private readonly output: { text: string },
  ) {}

  /** Starts it; resolves when all of its processes are ready. */
  static async start(
    database: TestDatabase,
    processes: number,
    journalFolder = makeJournalFolder(),
    settings: Readonly<Record<string, string>> = {},
  ): Promise<GatewayProcess> {
    if (!fs.existsSync(main)) throw new Error('The gateway is not built: npm run build');
    const [port, adminPort] = [await freePort(), await freePort()];
    const output = { text: '' };
    const child = spawn(process.execPath, [main], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...compileCache,
        DATABASE_URL: database.appUrl,
        KEY_PEPPERS: testPeppers.map(({ id, secret }) => `${id}:${secret.toString('base64')}`).join(','),
        ENCRYPTION_KEYS: `1:${Buffer.alloc(32, 9).toString('base64')}`,
        PORTAL_URL: 'http://127.0.0.1:4000',
        GATEWAY_PORT: String(port),
        GATEWAY_ADMIN_PORT: String(adminPort),
        GATEWAY_PROCESSES: String(processes),
        JOURNAL_DIR: journalFolder,
        ACCESS_LOG: 'off',
        // The upstreams of tests are on this machine.
        UPSTREAM_ALLOW_PRIVATE: 'true',
        ...settings,
      },
    });
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (output.text += chunk.toString()));
    const gateway = new GatewayProcess(child, port, adminPort, journalFolder, output);
    try {
      await gateway.until(({ isReady, gateways }) =>
        processes === 1 ? isReady : gateways.filter((member) => member.isReady).length === processes,
      );
    } catch (error) {
      child.kill('SIGKILL');
      throw error;
    }
    return gateway;
  }

  get log(): string {
    return this.output.text;
  }

  admin(place: string): Promise<Answer> {
    return call(`http://127.0.0.1:${this.adminPort}${place}`);
  }

  /** Waits until the supervisor says so; fails with the log when it has ended. */
  until(isDone: (readiness: SupervisedReadiness) => boolean, timeoutMs = 60_000): Promise<SupervisedReadiness> {
    const ask = async (): Promise<SupervisedReadiness> => {
      if (this.child.exitCode !== null) throw new Error(`the gateway ended with ${this.child.exitCode}:\n${this.log}`);
      try {
        return this.supervised(await this.admin('/readyz'));
      } catch {
        return { isReady: false, gateways: [] };
      }
    };
    return eventually(ask, isDone, timeoutMs);
  }

  /** A gateway without a supervisor answers for itself. */
  private supervised(answer: Answer): SupervisedReadiness {
    const readiness = answer.json();
    if ('gateways' in readiness) return readiness as unknown as SupervisedReadiness;
    const isReady = answer.status === 200;
    return { isReady, gateways: [{ gateway: '', pid: this.child.pid!, isReady }] };
  }

  /** The process ids of its gateways that are ready. */
  async gatewayPids(): Promise<number[]> {
    return (await this.until(() => true)).gateways.filter(({ isReady }) => isReady).map(({ pid }) => pid);
  }

  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      this.child.kill(signal);
      await once(this.child, 'exit');
    }
    return this.child.exitCode;
  }
}

/** The parent of a process; null when it is gone. */
export function parentOf(pid: number): number | null {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'latin1');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return null;
  }
}
