import { parseArgs } from 'node:util';

export interface ListenArguments {
  /** 0 for any free port, as for `httpPort`. */
  readonly smtpPort: number;
  readonly httpPort: number;
  /** Listen on every address and answer under this name too: for a private container network. */
  readonly containerName?: string | undefined;
}

/** A command line that cannot be understood; the message says how it is written. */
export class ArgumentsError extends Error {
  constructor(fault: string, options?: { readonly cause?: unknown }) {
    super(`${fault}\nUsage: mail-inbox [--smtp-port 4025] [--http-port 4026] [--container-name NAME]`, options);
    this.name = 'ArgumentsError';
  }
}

/**
 * Where to listen: `--smtp-port` (else 4025) and `--http-port` (else 4026), 0 to 65535, both on 127.0.0.1 unless
 * `--container-name` is given.
 * @throws ArgumentsError for anything else.
 */
export function readListenArguments(args: readonly string[]): ListenArguments {
  const values = parse(args);
  return {
    smtpPort: readPort('--smtp-port', values['smtp-port']),
    httpPort: readPort('--http-port', values['http-port']),
    containerName: values['container-name'],
  };
}

function readPort(option: string, text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new ArgumentsError(`${option} must be a number from 0 to 65535, not "${text}".`);
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        'smtp-port': { type: 'string', default: '4025' },
        'http-port': { type: 'string', default: '4026' },
        'container-name': { type: 'string' },
      },
    }).values;
  } catch (error) {
    throw new ArgumentsError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}
