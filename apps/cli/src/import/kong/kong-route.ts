import { versionHeaderInFile } from '#services';
import { shown } from '../import-report.js';
import { STAND_IN_DEPTH, STAND_IN_METHODS } from '../stand-in-document.js';
import type { KongRoute } from './kong-file.js';

/** What a route asks of the versions that it becomes. */
export interface ImportedRoute {
  /** Where it is at the gateway; one version for each. */
  readonly places: readonly { readonly host: string | null; readonly basePath: string }[];
  readonly stripsPath: boolean;
  /** Undefined for all. */
  readonly methods: readonly string[] | undefined;
  /** Undefined where plain HTTP is as good as HTTPS. */
  readonly transport: { readonly plainHttp: 'refuse' | 'redirect' } | undefined;
  /** What tells it apart from other routes at its places; undefined for nothing. */
  readonly versionHeader: { readonly name: string; readonly value: string } | undefined;
}

const BASE_PATH = /^\/([A-Za-z0-9._~-]+(\/[A-Za-z0-9._~-]+)*)?$/;
const HOST = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/i;

/** Reads all of a route but its plugins; null for one that cannot be carried over, which is told. */
export function readRoute({ part }: KongRoute): ImportedRoute | null {
  const { report } = part;
  part.ignore(
    'id',
    'name',
    'tags',
    'created_at',
    'updated_at',
    'request_buffering',
    'response_buffering',
    'regex_priority',
  );
  const versionHeader = versionHeaderIn(part);
  const narrowing = ['headers', 'snis', 'sources', 'destinations']
    .filter((key) => part.any(key) !== undefined)
    .filter((key) => key !== 'headers' || versionHeader === undefined);
  const expression = part.text('expression');
  const protocols = part.texts('protocols') ?? ['http', 'https'];
  const methods = methodsOf(part.texts('methods'));
  const stripsPath = part.truth('strip_path') ?? true;
  if (part.truth('preserve_host') === true)
    report.changed(
      part.at('preserve_host'),
      'the upstream gets its own name as Host, and that of the caller as X-Forwarded-Host.',
    );
  const redirect = part.count('https_redirect_status_code') ?? 426;
  part.leaveOut('path_handling', 'the rest of the path follows the path of the upstream, as v0 has it.');
  const places = placesOf(part);
  part.leaveRest();
  if (expression !== undefined || narrowing.length > 0) {
    const why = expression === undefined ? narrowing.join(' and ') : 'expression';
    report.leftOut(
      part.place,
      `calls are not told apart by ${why}, and without that it would match more than it does in Kong.`,
    );
    return null;
  }
  if (methods?.length === 0) {
    report.leftOut(part.place, 'none of its methods can be an operation.');
    return null;
  }
  const isSecure = protocols.some((protocol) => protocol === 'https' || protocol === 'grpcs');
  const isPlain = protocols.some((protocol) => protocol === 'http' || protocol === 'grpc');
  if (!isSecure && !isPlain) {
    report.leftOut(part.at('protocols'), `${protocols.map(shown).join(', ')}: the gateway speaks HTTP.`);
    return null;
  }
  if (!isSecure) report.changed(part.at('protocols'), 'a route of plain HTTP answers over HTTPS as well.');
  const isRedirected = redirect !== 426;
  if (isRedirected && !isPlain && redirect !== 308)
    report.changed(part.at('https_redirect_status_code'), `${redirect}: redirected with 308.`);
  return {
    places,
    stripsPath,
    methods,
    versionHeader,
    transport: isPlain ? undefined : { plainHttp: isRedirected ? 'redirect' : 'refuse' },
  };

  function methodsOf(wanted: readonly string[] | undefined): readonly string[] | undefined {
    if (wanted === undefined || wanted.length === 0) return undefined;
    const known = wanted.map((method) => method.toUpperCase());
    for (const method of known.filter((one) => ![...STAND_IN_METHODS, 'HEAD'].includes(one)))
      report.leftOut(part.at('methods'), `${shown(method)} is no method of an OpenAPI operation.`);
    return known.filter((method) => STAND_IN_METHODS.includes(method) || (method === 'HEAD' && !known.includes('GET')));
  }
}

/** The one header with the one value that a route asks for; undefined for any other condition. */
function versionHeaderIn(part: KongRoute['part']): ImportedRoute['versionHeader'] {
  const [first, ...others] = part.part('headers')?.entries() ?? [];
  if (first === undefined || others.length > 0) return undefined;
  const [name, values] = first;
  if (!Array.isArray(values) || values.length !== 1 || typeof values[0] !== 'string') return undefined;
  const value: string = values[0];
  if (!versionHeaderInFile.safeParse({ name, value }).success) return undefined;
  part.report.changed(
    part.at('headers'),
    `${shown(name)} tells versions of one API apart: its value is compared with its case, and calls with another one get 400.`,
  );
  return { name, value };
}

function placesOf(part: KongRoute['part']): ImportedRoute['places'] {
  const { report } = part;
  const hosts = (part.texts('hosts') ?? [null]).filter((host) => {
    if (host === null || HOST.test(host)) return true;
    report.leftOut(part.at('hosts'), `${shown(host)}: a host is a name, without port and "*".`);
    return false;
  });
  const basePaths = (part.texts('paths') ?? ['/']).flatMap((path) => {
    const basePath = path.replace(/\/+$/, '') || '/';
    if (!BASE_PATH.test(basePath)) {
      report.leftOut(
        part.at('paths'),
        `${shown(path)}: a path is letters, digits and . _ ~ - between slashes, and no pattern.`,
      );
      return [];
    }
    if (basePath !== '/')
      report.changed(
        part.at('paths'),
        `${shown(path)}: paths are matched by whole segments, not ${basePath}-and-more.`,
      );
    return [basePath];
  });
  if (basePaths.length > 0)
    report.changed(
      part.place,
      `paths of up to ${STAND_IN_DEPTH} segments more, without a slash at the end: put the OpenAPI document of the API in the place of the stand-in.`,
    );
  return hosts.flatMap((host) => basePaths.map((basePath) => ({ host, basePath })));
}
