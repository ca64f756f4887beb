import { once } from 'node:events';

/** Writes to standard output and waits while the reader is slow; a reader that went away ends the command quietly. */
export async function print(text: string | Uint8Array): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain');
}

/** Prints pieces as they come. */
export async function printAll(pieces: AsyncIterable<string | Uint8Array>): Promise<void> {
  for await (const piece of pieces) await print(piece);
}

/** One line of JSON; bigints become strings, so that no digit is lost. */
export async function printJson(value: unknown): Promise<void> {
  await print(`${JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? part.toString() : part))}\n`);
}

/** Progress and remarks for people: to standard error, so that standard output stays parseable. */
export function remark(text: string): void {
  process.stderr.write(`${text}\n`);
}

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
});
