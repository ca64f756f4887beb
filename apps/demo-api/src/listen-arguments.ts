import { parseArgs } from 'node:util';

export interface ListenArguments {
  readonly host: string;
  /** 0 for any free port. */
  readonly port: number;
}

/** A command line that cannot be understood; the message says how it is written. */
export class ArgumentsError extends Error {
  constructor(fault: string, options?: { readonly cause?: unknown }) {
    super(`${fault}\nUsage: demo-api [--port 4070] [--host 127.0.0.1]`, options);
    this.name = 'ArgumentsError';
  }
}

/**
 * Where to listen: `--port` (0 to 65535, else 4070) and `--host` (else 127.0.0.1).
 * @throws ArgumentsError for anything else.
 */
export function readListenArguments(args: readonly string[]): ListenArguments {
  const { port, host } = parse(args);
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
    throw new ArgumentsError(`--port must be a number from 0 to 65535, not "${port}".`);
  }
  if (host === '') throw new ArgumentsError('--host must be a host name or an address.');
  return { host, port: Number(port) };
}

function parse(args: readonly string[]): { readonly port: string; readonly host: string } {
  try {
    return parseArgs({
      args: [...args],
      options: { port: { type: 'string', default: '4070' }, host: { type: 'string', default: '127.0.0.1' } },
    }).values;
  } catch (error) {
    throw new ArgumentsError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}
