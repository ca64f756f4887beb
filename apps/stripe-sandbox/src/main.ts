import { readArguments, usage } from './arguments.js';
import { startSandbox } from './start.js';

/** Starts the sandbox from the command line and stops it on SIGINT or SIGTERM. */
async function main(): Promise<void> {
  if (process.argv.includes('--help')) {
    console.log(usage);
    return;
  }
  const sandbox = await startSandbox(readArguments(process.argv.slice(2)));
  console.log(`stripe-sandbox listening on ${sandbox.url}`);
  const stop = (): void => {
    sandbox.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

main().catch((error: NodeJS.ErrnoException) => {
  const inUse = error.code === 'EADDRINUSE' ? '; choose another port with --port.' : '';
  console.error(`stripe-sandbox: ${error.message}${inUse}`);
  process.exitCode = 1;
});
