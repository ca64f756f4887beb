import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const binary = path.resolve(
  import.meta.dirname,
  `../../../node_modules/@stripe/cli-${process.platform}-${process.arch}/bin/stripe`,
);

/** Stripe publishes its command line for some platforms only. */
export const hasStripeCli = existsSync(binary);

export interface CliRun {
  readonly succeeded: boolean;
  readonly output: string;
}

export interface CliTarget {
  readonly key: string;
  /** Stripe itself when absent. */
  readonly apiBase?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs Stripe's command line with a folder of its own for its configuration, so that none of the user's is touched. */
export async function runStripeCli(
  args: readonly string[],
  { key, apiBase, env: more }: CliTarget,
  timeoutMs = 60_000,
): Promise<CliRun> {
  const home = mkdtempSync(path.join(tmpdir(), 'stripe-cli-'));
  const env = {
    ...process.env,
    HOME: home,
    STRIPE_API_KEY: key,
    STRIPE_CLI_TELEMETRY_OPTOUT: '1',
    XDG_CONFIG_HOME: home,
    ...more,
  };
  const where = apiBase === undefined ? [] : ['--api-base', apiBase];
  try {
    return await new Promise((resolve) => {
      execFile(binary, [...args, ...where], { env, timeout: timeoutMs }, (error, stdout, stderr) =>
        resolve({ succeeded: error === null, output: `${stdout}${stderr}` }),
      );
    });
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
