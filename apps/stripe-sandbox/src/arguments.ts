import { parseArgs } from 'node:util';
import type { SandboxOptions } from './start.js';

export const usage = `Usage: stripe-sandbox [options]
  --port <n>               port to listen on (4090)
  --host <name>            loopback name or address (127.0.0.1)
  --container-name <name>  listen on every address and answer under this name too: for a private container network
  --public-url <url>       how browsers reach the hosted pages (http://host:port)
  --webhook-url <url>      where events are sent
  --webhook-secret <text>  secret that signs them; needed with --webhook-url; two with a comma between while it is rolled
  --clock-url <url>        keep with the clock whose time this address answers as {"now": …}
  --webhook-duplicate      send every event twice
  --webhook-shuffle        send events in random order
  --usage-delay <n>        seconds after which usage is counted, as at Stripe, where it takes some (2)
  --state-file <path>      keep the state over restarts`;

/** The options on the command line; throws an error that says what is wrong. */
export function readArguments(words: readonly string[]): SandboxOptions {
  const { values } = parseArgs({
    args: [...words],
    options: {
      port: { type: 'string', default: '4090' },
      host: { type: 'string', default: '127.0.0.1' },
      'container-name': { type: 'string' },
      'public-url': { type: 'string' },
      'webhook-url': { type: 'string' },
      'webhook-secret': { type: 'string' },
      'clock-url': { type: 'string' },
      'webhook-duplicate': { type: 'boolean', default: false },
      'webhook-shuffle': { type: 'boolean', default: false },
      'usage-delay': { type: 'string', default: '2' },
      'state-file': { type: 'string' },
    },
  });
  const port = Number(values.port);
  if (!/^\d+$/.test(values.port) || port > 65_535) throw new Error(`--port ${values.port} is not a port number.`);
  const url = values['webhook-url'];
  const secret = values['webhook-secret'];
  const publicUrl = values['public-url']?.replace(/\/+$/, '');
  if (publicUrl !== undefined && !/^https?:$/.test(URL.parse(publicUrl)?.protocol ?? '')) {
    throw new Error(`--public-url ${publicUrl} is not an http or https address.`);
  }
  const containerName = values['container-name'];
  if (url !== undefined && !/^https?:$/.test(URL.parse(url)?.protocol ?? '')) {
    throw new Error(`--webhook-url ${url} is not an http or https address.`);
  }
  if (url !== undefined && !secret) throw new Error('--webhook-url needs --webhook-secret, as events are signed.');
  const clockUrl = values['clock-url'];
  if (clockUrl !== undefined && !/^https?:$/.test(URL.parse(clockUrl)?.protocol ?? '')) {
    throw new Error(`--clock-url ${clockUrl} is not an http or https address.`);
  }
  const usageDelay = Number(values['usage-delay']);
  if (!/^\d+$/.test(values['usage-delay']) || usageDelay > 3600) {
    throw new Error(`--usage-delay ${values['usage-delay']} is not a number of seconds, at most 3600.`);
  }
  const stateFile = values['state-file'];
  return {
    port,
    host: values.host,
    ...(containerName !== undefined && { containerName }),
    ...(publicUrl !== undefined && { publicUrl }),
    webhook: {
      url,
      secret: secret ?? '',
      duplicate: values['webhook-duplicate'],
      shuffle: values['webhook-shuffle'],
    },
    usageDelay,
    ...(clockUrl !== undefined && { clockUrl }),
    ...(stateFile !== undefined && { stateFile }),
  };
}
