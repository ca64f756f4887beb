import type { VersionHeader } from '#domain';
import { hostOf } from './request-target.js';
import { RouteTrie } from './route-trie.js';
import { type KnownVersions, type VersionAsker, VersionChoice } from './version-choice.js';

/** Where a version is: at a path prefix, of one host or of any. */
export interface RoutePlace {
  readonly host: string | null;
  /** Begins with a slash and ends with none, but for the root. */
  readonly basePath: string;
  /** By which it is told apart from other versions there; null or absent for one that is alone. */
  readonly versionHeader?: VersionHeader | null;
}

/** What can be asked for at one path template. */
export interface PathEntry<Operation> {
  readonly operations: Map<string, Operation>;
  /** For the header of the same name. */
  allow: string;
  /** Where a version is asked for that is not there: which ones are; there are no operations then. Else null. */
  readonly versions: KnownVersions | null;
}

interface Prefix<Operation> {
  readonly basePath: string;
  /** Of a version that is alone there. */
  readonly paths: RouteTrie<PathEntry<Operation>>;
  /** Where versions are told apart by a header field; null where one is alone. */
  choice: VersionChoice<Operation> | null;
}

/** The prefixes of one host by their first segment, the longest first. */
type Prefixes<Operation> = Map<string, Prefix<Operation>[]>;

/** Finds the operations at a path: the host and the longest path prefix choose the version, then its templates decide. */
export class RouteTable<Operation> {
  private readonly byHost = new Map<string, Prefixes<Operation>>();
  private readonly anyHost: Prefixes<Operation> = new Map();

  /** Adds an operation; `template` is relative to the place. HEAD is allowed wherever GET is. */
  add(place: RoutePlace, method: string, template: string, operation: Operation): void {
    const entry = this.pathsAt(place).at(template, () => ({ operations: new Map(), allow: '', versions: null }));
    entry.operations.set(method, operation);
    if (method === 'GET' && !entry.operations.has('HEAD')) entry.operations.set('HEAD', operation);
    entry.allow = [...entry.operations.keys()].toSorted().join(', ');
  }

  /** What is at a canonical path, null when nothing is. A version of that host wins over one of any host. */
  find(host: string, path: string, asker: VersionAsker): PathEntry<Operation> | null {
    const ofHost = this.byHost.size > 0 ? this.byHost.get(hostOf(host)) : undefined;
    const prefix = (ofHost && findPrefix(ofHost, path)) ?? findPrefix(this.anyHost, path);
    if (!prefix) return null;
    const { basePath, paths, choice } = prefix;
    if (choice !== null) return findChosen(choice, basePath, path, asker);
    if (path.length === basePath.length) return paths.find('/');
    return paths.find(path, startOf(basePath));
  }

  private pathsAt(place: RoutePlace): RouteTrie<PathEntry<Operation>> {
    const prefix = this.prefixAt(place);
    const { versionHeader = null } = place;
    if (versionHeader === null) return prefix.paths;
    prefix.choice ??= new VersionChoice(versionHeader.name);
    return prefix.choice.pathsOf(versionHeader);
  }

  private prefixAt({ host, basePath }: RoutePlace): Prefix<Operation> {
    const prefixes = host === null ? this.anyHost : this.prefixesOf(host.toLowerCase());
    const segment = firstSegment(basePath);
    const list = prefixes.get(segment) ?? [];
    const known = list.find((prefix) => prefix.basePath === basePath);
    if (known) return known;
    const prefix: Prefix<Operation> = { basePath, paths: new RouteTrie(), choice: null };
    list.push(prefix);
    list.sort((left, right) => right.basePath.length - left.basePath.length);
    prefixes.set(segment, list);
    return prefix;
  }

  private prefixesOf(host: string): Prefixes<Operation> {
    const known = this.byHost.get(host);
    if (known) return known;
    const prefixes: Prefixes<Operation> = new Map();
    this.byHost.set(host, prefixes);
    return prefixes;
  }
}

function findChosen<Operation>(
  choice: VersionChoice<Operation>,
  basePath: string,
  path: string,
  asker: VersionAsker,
): PathEntry<Operation> | null {
  if (path.length === basePath.length) return choice.find('/', 1, asker);
  return choice.find(path, startOf(basePath), asker);
}

/** Where the path below a prefix begins. */
function startOf(basePath: string): number {
  return basePath === '/' ? 1 : basePath.length + 1;
}

function findPrefix<Operation>(prefixes: Prefixes<Operation>, path: string): Prefix<Operation> | undefined {
  const candidates = prefixes.get(firstSegment(path));
  const found = candidates?.find(({ basePath }) => isUnder(path, basePath));
  return found ?? prefixes.get('')?.find(({ basePath }) => basePath === '/');
}

function isUnder(path: string, basePath: string): boolean {
  return path.startsWith(basePath) && (path.length === basePath.length || path.charCodeAt(basePath.length) === 47);
}

function firstSegment(path: string): string {
  const end = path.indexOf('/', 1);
  return end === -1 ? path.slice(1) : path.slice(1, end);
}
