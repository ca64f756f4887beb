import { parseArgs } from 'node:util';
import type { SandboxOptions } from './start.js';

export const usage = `Usage: stripe-sandbox [options]
  --port <n>               port to listen on (4090)
  --host <name>            loopback name or address (127.0.0.1)
  --webhook-url <url>      where events are sent
  --webhook-secret <text>  secret that signs them; needed with --webhook-url
  --webhook-duplicate      send every event twice
  --webhook-shuffle        send events in random order
  --state-file <path>      keep the state over restarts`;

/** The options on the command line; throws an error that says what is wrong. */
export function readArguments(words: readonly string[]): SandboxOptions {
  const { values } = parseArgs({
    args: [...words],
    options: {
      port: { type: 'string', default: '4090' },
      host: { type: 'string', default: '127.0.0.1' },
      'webhook-url': { type: 'string' },
      'webhook-secret': { type: 'string' },
      'webhook-duplicate': { type: 'boolean', default: false },
      'webhook-shuffle': { type: 'boolean', default: false },
      'state-file': { type: 'string' },
    },
  });
  const port = Number(values.port);
  if (!/^\d+$/.test(values.port) || port > 65_535) throw new Error(`--port ${values.port} is not a port number.`);
  const url = values['webhook-url'];
  const secret = values['webhook-secret'];
  if (url !== undefined && !/^https?:$/.test(URL.parse(url)?.protocol ?? '')) {
    throw new Error(`--webhook-url ${url} is not an http or https address.`);
  }
  if (url !== undefined && !secret) throw new Error('--webhook-url needs --webhook-secret, as events are signed.');
  const stateFile = values['state-file'];
  return {
    port,
    host: values.host,
    webhook: {
      url,
      secret: secret ?? '',
      duplicate: values['webhook-duplicate'],
      shuffle: values['webhook-shuffle'],
    },
    ...(stateFile !== undefined && { stateFile }),
  };
}
