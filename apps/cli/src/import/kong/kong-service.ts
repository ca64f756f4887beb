import { shown } from '../import-report.js';
import type { InputPart } from '../input-part.js';
import type { KongService } from './kong-file.js';
import { hostAndPort, readUpstream } from './kong-upstream.js';

/** Where the requests of a service go, as a catalogue file says it. */
export interface ImportedUpstream {
  /** Scheme, host and port of each place, with its weight. */
  readonly places: readonly { readonly origin: string; readonly weight: number }[];
  /** Before the path; ends with no slash. */
  readonly path: string;
  readonly others: Readonly<Record<string, unknown>>;
}

/** Kong's own when a file says nothing. */
const KONG_TIMEOUT_MS = 60_000;
const KONG_RETRIES = 5;
const SCHEMES: ReadonlyMap<string, string> = new Map(
  Object.entries({ http: 'http', https: 'https', grpc: 'http', grpcs: 'https' }),
);

/** Reads all of a service but its routes and plugins; null for one that cannot be an upstream, which is told. */
export function readService({ part }: KongService, upstreams: ReadonlyMap<string, InputPart>): ImportedUpstream | null {
  const { report } = part;
  part.ignore('id', 'name', 'tags', 'created_at', 'updated_at');
  if (part.truth('enabled') === false) {
    report.leftOut(part.place, 'it is switched off.');
    return null;
  }
  const address = addressOf(part);
  const scheme = SCHEMES.get(address.protocol);
  const terms = readTerms(part);
  if (part.truth('tls_verify') !== true && scheme === 'https')
    report.changed(
      part.at('tls_verify'),
      'Kong takes any certificate of the upstream unless told otherwise; here it must be valid.',
    );
  part.leaveRest();
  if (scheme === undefined || address.host === '') {
    report.leftOut(
      part.place,
      `an upstream is an http or https URL, not ${shown(`${address.protocol}://${address.host}`)}.`,
    );
    return null;
  }
  const protocol = address.protocol.startsWith('grpc') ? { protocol: 'h2' } : {};
  const balanced = upstreams.get(address.host);
  const { targets, others } = balanced
    ? readUpstream(balanced)
    : {
        targets: [{ target: hostAndPort(address.host, address.port ?? (scheme === 'https' ? 443 : 80)), weight: 1 }],
        others: {},
      };
  if (targets.length === 0) {
    report.leftOut(part.place, 'its upstream has no targets.');
    return null;
  }
  return {
    places: targets.map(({ target, weight }) => ({ origin: originOf(`${scheme}://${target}`), weight })),
    path: address.path.replace(/\/+$/, ''),
    others: { ...protocol, ...terms, ...others },
  };
}

interface Address {
  readonly protocol: string;
  readonly host: string;
  readonly port: number | undefined;
  readonly path: string;
}

function addressOf(part: InputPart): Address {
  const url = part.text('url');
  const own = {
    protocol: part.text('protocol'),
    host: part.text('host'),
    port: part.count('port'),
    path: part.text('path'),
  };
  if (url === undefined || !URL.canParse(url))
    return { protocol: own.protocol ?? 'http', host: own.host ?? '', port: own.port, path: own.path ?? '' };
  const { protocol, hostname, port, pathname, username } = new URL(url);
  if (username !== '') part.report.leftOut(part.at('url'), 'its user and password: give the upstream a credential.');
  return {
    protocol: own.protocol ?? protocol.slice(0, -1),
    host: own.host ?? hostname,
    port: own.port ?? (port === '' ? undefined : Number(port)),
    path: own.path ?? pathname,
  };
}

function originOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : url;
}

function readTerms(part: InputPart): Record<string, unknown> {
  const { report } = part;
  const bounded = (key: string, least: number, most: number): number => {
    const value = part.count(key) ?? KONG_TIMEOUT_MS;
    const within = Math.min(most, Math.max(least, value));
    if (within !== value) report.changed(part.at(key), `${value} ms: here it is ${least} to ${most}, so ${within}.`);
    return within;
  };
  const connectTimeoutMs = bounded('connect_timeout', 50, 60_000);
  const readTimeoutMs = bounded('read_timeout', 100, 600_000);
  part.leaveOut('write_timeout', 'there is no time-out of its own for sending.');
  const wanted = part.count('retries') ?? KONG_RETRIES;
  const attempts = Math.min(10, wanted);
  if (attempts !== wanted) report.changed(part.at('retries'), `${wanted}: at most 10.`);
  const retries = attempts === 0 ? {} : { retries: { attempts, retryOn: ['connect-failure', 'reset'] } };
  return { connectTimeoutMs, responseTimeoutMs: readTimeoutMs, idleTimeoutMs: readTimeoutMs, ...retries };
}
