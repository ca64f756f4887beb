import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { compileCache } from './compile-cache.js';
import type { TestDatabase } from './database.js';
import { workerEnvironment } from './running-worker.js';

const main = path.resolve(import.meta.dirname, '../../dist/run/worker.js');

/** The worker as it is shipped, in a process of its own. */
export class WorkerProcess {
  private constructor(
    private readonly child: ChildProcess,
    private readonly output: { text: string },
  ) {}

  /** Starts it; resolves when it says that it is ready. */
  static async start(
    database: TestDatabase,
    environment: Readonly<Record<string, string>> = {},
  ): Promise<WorkerProcess> {
    const worker = WorkerProcess.spawn({ ...workerEnvironment(database), ...environment });
    while (!worker.output.text.includes('"msg":"ready"')) {
      const { exitCode, signalCode } = worker.child;
      if (exitCode !== null || signalCode !== null)
        throw new Error(`the worker ended with ${exitCode ?? signalCode}:\n${worker.output.text}`);
      await Promise.race([once(worker.child.stdout!, 'data'), once(worker.child, 'exit')]);
    }
    return worker;
  }

  /** Starts it and waits for nothing. */
  static spawn(environment: Readonly<Record<string, string>>): WorkerProcess {
    if (!fs.existsSync(main)) throw new Error('The worker is not built: npm run build');
    const child = spawn(process.execPath, [main], {
      env: { ...compileCache, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const output = { text: '' };
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (output.text += chunk.toString()));
    return new WorkerProcess(child, output);
  }

  get log(): string {
    return this.output.text;
  }

  /** Sends the signal and resolves to the exit code, or the signal that ended it. */
  async end(signal: NodeJS.Signals): Promise<number | NodeJS.Signals> {
    const ended = this.ended();
    this.child.kill(signal);
    return ended;
  }

  async ended(): Promise<number | NodeJS.Signals> {
    if (this.child.exitCode === null && this.child.signalCode === null) await once(this.child, 'exit');
    return this.child.exitCode ?? this.child.signalCode!;
  }
}
