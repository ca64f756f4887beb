import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import process from 'node:process';
import { ArgumentsError, readListenArguments } from './listen-arguments.js';
import { createDemoApi } from './server.js';

async function main(): Promise<void> {
  const server = createDemoApi();
  server.listen(readListenArguments(process.argv.slice(2)));
  await once(server, 'listening');
  const { address, family, port } = server.address() as AddressInfo;
  console.log(`demo-api listening on http://${family === 'IPv6' ? `[${address}]` : address}:${port}`);

  const stop = (): void => {
    server.close();
    server.closeAllConnections();
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

main().catch((error: unknown) => {
  console.error('demo-api:', error instanceof ArgumentsError || hasCode(error) ? error.message : error);
  process.exitCode = 1;
});

/** An error of the operating system, such as a port in use, says enough in its message. */
function hasCode(error: unknown): error is Error & { readonly code: string } {
  return error instanceof Error && 'code' in error;
}
