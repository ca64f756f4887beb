import 'reflect-metadata';
import { SettingsError, loadSettings } from '#config';
import { createApp } from './create-app.js';

/** Time enough to end what is under way; a connection that hangs does not keep the process alive. */
const CLOSE_TIMEOUT_MS = 4_000;

async function main(): Promise<void> {
  const api = await createApp(loadSettings('api'));
  const address = await api.listen();
  process.stdout.write(`The control plane and the portal are at ${address}\n`);
  const stop = () => {
    setTimeout(() => process.exit(1), CLOSE_TIMEOUT_MS).unref();
    api.close().then(
      () => process.exit(0),
      (error: unknown) => fail(error),
    );
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

function fail(error: unknown): never {
  const words = error instanceof SettingsError ? error.message : error instanceof Error ? error.stack : String(error);
  process.stderr.write(`${words}\n`);
  process.exit(1);
}

main().catch(fail);
