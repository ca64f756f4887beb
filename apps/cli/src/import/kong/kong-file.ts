import { InvalidError } from '#domain';
import type { ImportReport } from '../import-report.js';
import { InputPart } from '../input-part.js';
import { type KongPlugin, readPlugins, referenceIn } from './kong-plugin.js';

export interface KongRoute {
  readonly part: InputPart;
  readonly name: string;
  /** Of its own. */
  readonly plugins: readonly KongPlugin[];
}

export interface KongService {
  readonly part: InputPart;
  readonly name: string;
  readonly plugins: readonly KongPlugin[];
  readonly routes: readonly KongRoute[];
}

export interface KongFile {
  readonly services: readonly KongService[];
  /** By name. */
  readonly upstreams: ReadonlyMap<string, InputPart>;
  readonly globalPlugins: readonly KongPlugin[];
}

/**
 * The entities of a declarative file of Kong (decK), those at the top with those that they belong to. What is not read here or by
 * whoever reads their parts is told of. @throws InvalidError `import_invalid`
 */
export function readKongFile(document: unknown, report: ImportReport): KongFile {
  const file = InputPart.of(document, '', report);
  const version = file.any('_format_version');
  if (!/^[123]\.\d$/.test(String(version)))
    throw new InvalidError(
      'import_invalid',
      '_format_version: expected that of a declarative file of Kong, such as "3.0".',
    );
  file.ignore('_info', '_comment', '_transform', '_workspace', '_konnect', '_plugin_configs');
  const plugins = file.parts('plugins');
  const routes = file.parts('routes');
  const services = file.parts('services').map((part) => readService(part, { routes, plugins }));
  const placed = new Set(services.flatMap((service) => service.routes.map(({ part }) => part)));
  for (const route of routes) {
    if (!placed.has(route))
      report.leftOut(route.place, 'it belongs to no service of this file, so it has no upstream.');
  }
  tellOfStrayPlugins(plugins, services);
  const global = plugins.filter(
    (part) => referenceIn(part, 'service') === undefined && referenceIn(part, 'route') === undefined,
  );
  tellOfConsumers(file);
  for (const key of ['certificates', 'snis'])
    file.leaveOut(key, 'certificates of the gateway are files in GATEWAY_TLS_DIR: see the guide to TLS.');
  const upstreams = new Map(file.parts('upstreams').map((part) => [part.text('name') ?? '', part]));
  const hosts = new Set(services.flatMap(({ part }) => [part.text('host'), hostOf(part.text('url'))]));
  for (const [name, { place }] of upstreams)
    if (!hosts.has(name)) report.leftOut(place, 'no service of this file has it as its host.');
  file.leaveRest();
  return { services, upstreams, globalPlugins: readPlugins(global, 'global') };
}

function tellOfStrayPlugins(plugins: readonly InputPart[], services: readonly KongService[]): void {
  const namesOf = (part: InputPart) => [part.text('name'), part.text('id')];
  const serviceNames = new Set(services.flatMap(({ part }) => namesOf(part)));
  const routeNames = new Set(services.flatMap(({ routes }) => routes.flatMap(({ part }) => namesOf(part))));
  for (const plugin of plugins) {
    const [route, service] = [referenceIn(plugin, 'route'), referenceIn(plugin, 'service')];
    const isKnown = route === undefined ? service === undefined || serviceNames.has(service) : routeNames.has(route);
    if (!isKnown) plugin.report.leftOut(plugin.place, 'what it is of is not in this file.');
  }
}

interface AtTheTop {
  readonly routes: readonly InputPart[];
  readonly plugins: readonly InputPart[];
}

function readService(part: InputPart, { routes, plugins }: AtTheTop): KongService {
  const names = [part.text('name'), part.text('id')].filter((name) => name !== undefined);
  const name = names[0] ?? part.place;
  const isMine = (other: InputPart) => names.includes(referenceIn(other, 'service') ?? '');
  const isOfRoute = (other: InputPart) => referenceIn(other, 'route') !== undefined;
  const own = [...part.parts('plugins'), ...plugins.filter((one) => isMine(one) && !isOfRoute(one))];
  const ofIt = [...part.parts('routes'), ...routes.filter(isMine)];
  return {
    part,
    name,
    plugins: readPlugins(own, 'service'),
    routes: ofIt.map((route, index) => readRoute(route, plugins, `${name}-${index + 1}`)),
  };
}

function readRoute(part: InputPart, plugins: readonly InputPart[], otherwise: string): KongRoute {
  const names = [part.text('name'), part.text('id')].filter((name) => name !== undefined);
  part.ignore('service');
  const own = [...part.parts('plugins'), ...plugins.filter((one) => names.includes(referenceIn(one, 'route') ?? ''))];
  return { part, name: names[0] ?? otherwise, plugins: readPlugins(own, 'route') };
}

function hostOf(url: string | undefined): string | undefined {
  return url !== undefined && URL.canParse(url) ? new URL(url).hostname : undefined;
}

function tellOfConsumers(file: InputPart): void {
  for (const consumer of file.parts('consumers')) {
    consumer.ignore('id', 'username', 'custom_id', 'tags', 'created_at', 'updated_at');
    const keys = consumer.list('keyauth_credentials') ?? [];
    if (keys.length > 0)
      file.report.toDo(
        `${consumer.place}.keyauth_credentials`,
        `${keys.length === 1 ? 'a key' : `${keys.length} keys`}: bring them along with "tollgate keys import", see the guide to API keys.`,
      );
    consumer.leaveOut('plugins', 'give this consumer a plan of its own.');
    consumer.leaveRest();
  }
}
