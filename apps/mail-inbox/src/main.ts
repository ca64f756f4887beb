import process from 'node:process';
import { ArgumentsError, readListenArguments } from './listen-arguments.js';
import { startMailInbox } from './server.js';

async function main(): Promise<void> {
  const inbox = await startMailInbox(readListenArguments(process.argv.slice(2)), () => Date.now());
  console.log(`mail-inbox listening on ${inbox.smtpUrl} and ${inbox.httpUrl}`);
  process.once('SIGTERM', () => inbox.stop());
  process.once('SIGINT', () => inbox.stop());
}

main().catch((error: unknown) => {
  console.error('mail-inbox:', error instanceof ArgumentsError || hasCode(error) ? error.message : error);
  process.exitCode = 1;
});

/** An error of the operating system, such as a port in use, says enough in its message. */
function hasCode(error: unknown): error is Error & { readonly code: string } {
  return error instanceof Error && 'code' in error;
}
