import { type DestinationStream, type Logger, type LoggerOptions, pino } from 'pino';
import { redactKeys } from './redact-keys.js';

export type { Logger };

export interface LoggerSettings {
  /** The process, on every line. */
  readonly name: string;
  /** The lowest level that is written: "debug", "info", … or "silent". */
  readonly level: string;
  /** Default: standard output. */
  readonly destination?: DestinationStream;
}

/** Fields whose values never reach a log, at the top and up to three levels below it. */
const SECRET_FIELDS = [
  'cookie',
  'set-cookie',
  'authorization',
  'x-api-key',
  'stripe-signature',
  'password',
  'newPassword',
  'secret',
  'token',
  'key',
  'apiKey',
];
const PREFIXES = ['', '*.', '*.*.', '*.*.*.'];

/** Writes one JSON object a line. Secret fields are masked and API keys cut down to their public part. */
export function createLogger({ name, level, destination }: LoggerSettings): Logger {
  const options: LoggerOptions = {
    name,
    level,
    redact: {
      paths: PREFIXES.flatMap((prefix) => SECRET_FIELDS.map((field) => pathTo(prefix, field))),
      censor: '[secret]',
    },
    serializers: { err: serializeError },
    formatters: { level: (label) => ({ level: label }) },
    hooks: { streamWrite: redactKeys },
    timestamp: pino.stdTimeFunctions.isoTime,
  };
  return destination ? pino(options, destination) : pino(options);
}

/** As pino does; but what an error carries of other classes is written as text, as taking it apart may throw. */
function serializeError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const serialized = pino.stdSerializers.err(error);
  for (const [name, value] of Object.entries(serialized)) {
    if (isInstance(value)) serialized[name] = String(value);
  }
  return serialized;
}

function isInstance(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype !== Object.prototype && prototype !== null && !('stack' in value);
}

function pathTo(prefix: string, field: string): string {
  if (!field.includes('-')) return `${prefix}${field}`;
  return `${prefix.replace(/\.$/, '')}["${field}"]`;
}
