import type { VersionHeader } from '#domain';
import type { PathEntry } from './route-table.js';
import { RouteTrie } from './route-trie.js';

/** What a request says of itself, for versions that are told apart by that. */
export interface VersionAsker {
  readonly request: { readonly method?: string | undefined };
  readonly head: {
    readonly rawHeaders: readonly string[];
    valueOf(lowerCaseName: string): string | null;
  };
}

/** Which versions a place has, for whoever asks for none or for another one. */
export interface KnownVersions {
  readonly header: string;
  /** What the field may be, the newest last. */
  readonly values: readonly string[];
  /** What was sent; null for nothing. */
  readonly asked: string | null;
}

type Paths<Operation> = RouteTrie<PathEntry<Operation>>;

/** The versions at one place that are told apart by a header field. */
export class VersionChoice<Operation> {
  private readonly byValue = new Map<string, Paths<Operation>>();
  private usual: Paths<Operation> | null = null;
  private readonly lowerCaseName: string;

  constructor(private readonly name: string) {
    this.lowerCaseName = name.toLowerCase();
  }

  pathsOf({ value, isDefault }: VersionHeader): Paths<Operation> {
    const known = this.byValue.get(value);
    if (known) return known;
    const paths: Paths<Operation> = new RouteTrie();
    this.byValue.set(value, paths);
    if (isDefault) this.usual = paths;
    return paths;
  }

  /** What is at the path in the version that is asked for, null when nothing is; an entry without operations for an unknown version. */
  find(path: string, start: number, asker: VersionAsker): PathEntry<Operation> | null {
    const asked = valueOf(asker.head, this.lowerCaseName);
    if (asked === null && isPreflight(asker)) return this.findForAny(path, start);
    const paths = asked === null ? this.usual : (this.byValue.get(asked) ?? null);
    if (paths !== null) return paths.find(path, start);
    const versions = { header: this.name, values: [...this.byValue.keys()], asked };
    return { operations: new Map(), allow: '', versions };
  }

  /** A browser asks whether it may call before it says which version: what any of them has at the path, the usual one first. */
  private findForAny(path: string, start: number): PathEntry<Operation> | null {
    const all = new Set([this.usual, ...this.byValue.values()]);
    const found = [...all].flatMap((paths) => paths?.find(path, start) ?? []);
    if (found.length === 0) return null;
    const operations = new Map(found.toReversed().flatMap((entry) => [...entry.operations]));
    return { operations, allow: [...operations.keys()].toSorted().join(', '), versions: null };
  }
}

function isPreflight({ request, head }: VersionAsker): boolean {
  return request.method === 'OPTIONS' && head.valueOf('access-control-request-method') !== null;
}

/** The value of a field; several that differ are all of them together, which no version has. */
function valueOf({ rawHeaders }: VersionAsker['head'], lowerCaseName: string): string | null {
  let values: string | null = null;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]!;
    if (name.length !== lowerCaseName.length || name.toLowerCase() !== lowerCaseName) continue;
    const value = rawHeaders[index + 1]!.trim();
    if (values === null) values = value;
    else if (values !== value) values += `, ${value}`;
  }
  return values;
}
