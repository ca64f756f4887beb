import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { onTestFinished } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '../..');
/** Lets Node run the sources as they are: it strips types itself, but looks for the `.js` files that imports name. */
const RUN_SOURCES = `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from 'node:module';
  registerHooks({
    resolve: (specifier, context, next) =>
      next(/^\\.\\.?\\/.*\\.js$/.test(specifier) && context.parentURL?.endsWith('.ts') ? specifier.slice(0, -2) + 'ts' : specifier, context),
  });
`)}`;
const DEADLINE_MS = 20_000;

export interface RunningApp {
  readonly child: ChildProcess;
  /** The first line that it writes to its output; rejects when it ends without one. */
  firstLine(): Promise<string>;
  ended(): Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
  /** What it has written to its error output. */
  errors(): string;
}

/** Runs an app that needs no other part of the repository as a process of its own; killed when the test ends. */
export function runApp(app: 'demo-api' | 'mail-inbox', args: readonly string[]): RunningApp {
  const child = spawn(
    process.execPath,
    ['--import', RUN_SOURCES, path.join(ROOT, `apps/${app}/src/main.ts`), ...args],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {},
    },
  );
  onTestFinished(() => void child.kill('SIGKILL'));
  let output = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const closed = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  return {
    child,
    async firstLine() {
      const signal = AbortSignal.timeout(DEADLINE_MS);
      while (!output.includes('\n')) {
        await Promise.race([once(child.stdout, 'data', { signal }), closed]);
        if (child.exitCode !== null && !output.includes('\n')) throw new Error(`${app} ended:\n${errors}`);
      }
      return output.slice(0, output.indexOf('\n'));
    },
    async ended() {
      const [code, signal] = await closed;
      return { code, signal };
    },
    errors: () => errors,
  };
}
